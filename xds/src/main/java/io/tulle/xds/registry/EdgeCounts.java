package io.tulle.xds.registry;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a sidecar has counted at one of its edges since it started; the numbers only grow.
 *
 * @param opened opaque connections that were joined, and {@code closed}: those of them that are over
 */
public record EdgeCounts(Edge edge, Calls calls, long opened, long closed) {
    /** Which end of the calls the sidecar stands at. */
    public enum End {
        CALLING,
        CALLED
    }

    /**
     * From the sidecar's service to another, or the other way.
     *
     * @param other whom it calls (a host), or who calls it (a SPIFFE id; empty for a caller outside the mesh)
     * @param protocol {@code http}, {@code grpc}, {@code nest-tcp} or {@code tcp}
     * @param mutualTls whether both ends proved who they are
     */
    public record Edge(End end, String other, String protocol, boolean mutualTls) {}

    /**
     * Requests that ended.
     *
     * @param failed those that the callee, or the way to it, failed
     * @param denied those that a policy denied
     * @param durations how many took at most so many milliseconds, and more than the bound before; empty ones left out
     */
    public record Calls(long requests, long failed, long denied, SortedMap<Double, Long> durations) {
        public static final Calls NONE = new Calls(0, 0, 0, Collections.emptySortedMap());

        public Calls {
            durations = Collections.unmodifiableSortedMap(new TreeMap<>(durations));
        }
    }
}
