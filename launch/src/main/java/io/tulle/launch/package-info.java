/** Room launch: puts a process into the mesh. */
@NullMarked
package io.tulle.launch;

import org.jspecify.annotations.NullMarked;
