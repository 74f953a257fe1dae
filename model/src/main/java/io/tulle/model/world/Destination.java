package io.tulle.model.world;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What one DestinationRule says of a host: a policy, exceptions by port, and named subsets of its workloads. */
public record Destination(
        ResourceRef source,
        String host,
        TrafficPolicy policy,
        SortedMap<Integer, TrafficPolicy> ports,
        SortedMap<String, Subset> subsets) {
    public Destination {
        ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
        subsets = Collections.unmodifiableSortedMap(new TreeMap<>(subsets));
    }

    /** Workloads of the host that carry all these labels, and what is different for them. */
    public record Subset(Map<String, String> labels, TrafficPolicy policy, SortedMap<Integer, TrafficPolicy> ports) {
        public Subset {
            labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
            ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
        }
    }

    /** The policy for one port of the whole host, or of a subset of it. */
    public TrafficPolicy policyFor(int port, Optional<String> subset) {
        var all = policy.overriddenBy(ports.getOrDefault(port, TrafficPolicy.NONE));
        return subset.map(subsets::get)
                .map(s -> all.overriddenBy(s.policy()).overriddenBy(s.ports().getOrDefault(port, TrafficPolicy.NONE)))
                .orElse(all);
    }
}
