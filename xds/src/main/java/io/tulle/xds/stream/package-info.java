/**
 * The aggregated discovery service as state machines without sockets: messages in, messages out, time and threads left to
 * the edges. {@code DeltaSession} and {@code SotwSession} serve, {@code ClientSession} listens, {@code SnapshotCache}
 * holds what each node is to hear, each resource serialised once.
 */
@NullMarked
package io.tulle.xds.stream;

import org.jspecify.annotations.NullMarked;
