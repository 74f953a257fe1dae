/**
 * The sidecar's gRPC edge: dials the control plane, joins, registers, and listens to discovery. Plain records at its door;
 * reconnects by itself, with jitter, at most 2 s apart. Nothing here runs on a proxy's event loops.
 */
@NullMarked
package io.tulle.xds.client;

import org.jspecify.annotations.NullMarked;
