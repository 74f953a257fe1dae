/**
 * What a run has printed, kept beside it: a file of bounded size and the one before it, for the owner alone. Starts no process
 * and knows nothing of the mesh.
 */
@NullMarked
package io.tulle.launch.output;

import org.jspecify.annotations.NullMarked;
