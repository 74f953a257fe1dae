/**
 * Starts an application in a process group of its own, under a guardian that ends the group when the launcher dies, and
 * stops it in order. Knows nothing of the mesh.
 */
@NullMarked
package io.tulle.launch.process;

import org.jspecify.annotations.NullMarked;
