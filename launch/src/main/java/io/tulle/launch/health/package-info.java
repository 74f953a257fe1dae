/**
 * Asks a running process whether it is well, as Compose's {@code healthcheck} says: a command at intervals, with a
 * deadline, some failures forgiven. Knows nothing of the mesh but that a hooked process answers Node alone.
 */
@NullMarked
package io.tulle.launch.health;

import org.jspecify.annotations.NullMarked;
