/**
 * A set of services, as a Compose file names them, started in the mesh and kept there: what to start is a pure plan, and
 * a session starts it in order, watches it, and stops it in the reverse order. Each instance is a {@code tulle run} of
 * its own; this room never speaks to a control plane.
 */
@NullMarked
package io.tulle.launch.up;

import org.jspecify.annotations.NullMarked;
