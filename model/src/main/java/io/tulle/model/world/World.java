package io.tulle.model.world;

import io.tulle.model.ServiceName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

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
        List<AccessPolicy> accessPolicies,
        Edge edge,
        List<Scope> scopes) {
    public World {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
        externals = sorted(externals, Comparator.comparing(External::created).thenComparing(External::source));
        routings = sorted(routings, Comparator.comparing(Routing::created).thenComparing(Routing::source));
        destinations =
                sorted(destinations, Comparator.comparing(Destination::created).thenComparing(Destination::source));
        peerPolicies = sorted(peerPolicies, Comparator.comparing(PeerPolicy::source));
        accessPolicies = sorted(accessPolicies, Comparator.comparing(AccessPolicy::source));
        scopes = sorted(scopes, Comparator.comparing(Scope::created).thenComparing(Scope::source));
    }

    /** What a workload may call, where somebody said so. */
    public Optional<Scope> scopeOf(Workload workload) {
        return scopes.isEmpty() ? Optional.empty() : Scope.of(scopes, settings.rootNamespace(), workload);
    }

    /** One without doors for callers from outside, in which every workload may call all that it sees. */
    public World(
            long revision,
            MeshSettings settings,
            SortedMap<ServiceName, Service> services,
            List<External> externals,
            List<Routing> routings,
            List<Destination> destinations,
            List<PeerPolicy> peerPolicies,
            List<AccessPolicy> accessPolicies) {
        this(
                revision,
                settings,
                services,
                externals,
                routings,
                destinations,
                peerPolicies,
                accessPolicies,
                Edge.NONE,
                List.of());
    }

    /** A mesh in which nothing is declared. */
    public static World empty(MeshSettings settings) {
        return new World(0, settings, new TreeMap<>(), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    /** What a host is in the end another name of; itself where it is no alias, empty where aliases go round in a circle. */
    public Optional<String> meaningOf(String host) {
        var seen = new HashSet<String>();
        var at = host;
        while (seen.add(at)) {
            var next = alias(at);
            if (next.isEmpty()) return Optional.of(at);
            at = next.get();
        }
        return Optional.empty();
    }

    private Optional<String> alias(String host) {
        return externals.stream()
                .filter(external -> external.hosts().contains(host))
                .flatMap(external -> external.alias().stream())
                .findFirst();
    }

    /** The same mesh with other access policies. */
    public World with(List<AccessPolicy> policies) {
        return new World(
                revision, settings, services, externals, routings, destinations, peerPolicies, policies, edge, scopes);
    }

    /** The resources that say what happens on the way to a host, in the order in which one builds on another. */
    public List<ResourceRef> speakingOf(String host) {
        var all = new ArrayList<ResourceRef>();
        services.keySet().stream()
                .filter(name -> name.host().equals(host))
                .map(World::sourceOf)
                .forEach(all::add);
        externals.stream()
                .filter(external -> external.hosts().contains(host))
                .map(External::source)
                .forEach(all::add);
        destinations.stream()
                .filter(destination -> destination.speaksOf(host))
                .map(Destination::source)
                .forEach(all::add);
        routings.stream()
                .filter(routing -> routing.parents().stream()
                        .anyMatch(parent -> parent.host().equals(host)))
                .map(Routing::source)
                .forEach(all::add);
        return all.stream().distinct().toList();
    }

    /** The mesh without some resources; policies, which guard, stay. */
    public World without(Predicate<ResourceRef> absent) {
        var kept = new TreeMap<>(services);
        kept.keySet().removeIf(name -> absent.test(sourceOf(name)));
        return new World(
                revision,
                settings,
                kept,
                externals.stream().filter(e -> !absent.test(e.source())).toList(),
                routings.stream().filter(r -> !absent.test(r.source())).toList(),
                destinations.stream().filter(d -> !absent.test(d.source())).toList(),
                peerPolicies,
                accessPolicies,
                edge,
                scopes);
    }

    private static ResourceRef sourceOf(ServiceName service) {
        return new ResourceRef("Service", service.namespace(), service.name());
    }

    private static <T> List<T> sorted(List<T> all, Comparator<T> order) {
        return all.stream().sorted(order).toList();
    }
}
