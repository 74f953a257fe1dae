package io.tulle.xds.registry;

import java.util.List;

/**
 * A sidecar's edges as it counted them, each at most once, and what it knows of peers that are gone.
 *
 * @param omitted how many more edges there are
 * @param refusing instances whose mesh port refused a connection since the last report
 */
public record TrafficReport(List<EdgeCounts> edges, int omitted, List<String> refusing) {
    public static final TrafficReport NONE = new TrafficReport(List.of(), 0);

    public TrafficReport {
        edges = List.copyOf(edges);
        refusing = List.copyOf(refusing);
    }

    /** Of peers that all answer. */
    public TrafficReport(List<EdgeCounts> edges, int omitted) {
        this(edges, omitted, List.of());
    }

    /** The same, with peers that do not. */
    public TrafficReport refusedBy(List<String> instances) {
        return new TrafficReport(edges, omitted, instances);
    }
}
