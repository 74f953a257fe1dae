/**
 * Where an application listens, as the kernel's tables in {@code /proc} say it. Nothing is ever dialled: a connection that only
 * asks whether somebody is there would be seen by the application. Knows nothing of the mesh.
 */
@NullMarked
package io.tulle.launch.ports;

import org.jspecify.annotations.NullMarked;
