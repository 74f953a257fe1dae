package io.tulle.model.world;

import io.tulle.model.ServiceName;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that people have declared of a mesh at one revision. Immutable, sorted, the same for the same resources in
 * whatever order they came. Who is running right now is the {@link Fleet}.
 */
public record World(
        long revision,
        MeshSettings settings,
        SortedMap<ServiceName, Service> services,
        List<External> externals,
        List<Routing> routings,
        List<Destination> destinations,
        List<PeerPolicy> peerPolicies,
        List<AccessPolicy> accessPolicies) {
    public World {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
        externals = sorted(externals, Comparator.comparing(External::created).thenComparing(External::source));
        routings = sorted(routings, Comparator.comparing(Routing::created).thenComparing(Routing::source));
        destinations =
                sorted(destinations, Comparator.comparing(Destination::created).thenComparing(Destination::source));
        peerPolicies = sorted(peerPolicies, Comparator.comparing(PeerPolicy::source));
        accessPolicies = sorted(accessPolicies, Comparator.comparing(AccessPolicy::source));
    }

    /** A mesh in which nothing is declared. */
    public static World empty(MeshSettings settings) {
        return new World(0, settings, new TreeMap<>(), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    private static <T> List<T> sorted(List<T> all, Comparator<T> order) {
        return all.stream().sorted(order).toList();
    }
}
