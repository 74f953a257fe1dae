package io.tulle.xds.registry;

import java.util.List;

/**
 * A sidecar's edges as it counted them, each at most once.
 *
 * @param omitted how many more there are
 */
public record TrafficReport(List<EdgeCounts> edges, int omitted) {
    public static final TrafficReport NONE = new TrafficReport(List.of(), 0);

    public TrafficReport {
        edges = List.copyOf(edges);
    }
}
