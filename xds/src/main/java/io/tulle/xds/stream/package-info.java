/**
 * The aggregated discovery service as state machines without sockets: messages in, messages out, time and threads left to
 * the edges. {@code DeltaSession} and {@code SotwSession} serve, {@code ClientSession} listens, {@code SnapshotCache}
 * holds what
 * each node is to hear. A stream shares what its client holds with all that hold the same.
 */
@NullMarked
package io.tulle.xds.stream;

import org.jspecify.annotations.NullMarked;
