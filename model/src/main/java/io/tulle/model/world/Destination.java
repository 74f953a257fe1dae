package io.tulle.model.world;

import io.tulle.model.policy.ClientTls;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.PolicySet;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What one DestinationRule says of a host: policies, exceptions by port, and named subsets of its workloads. A more specific
 * set replaces whole policies of a more general one, as Istio does (port level over subset over destination).
 *
 * @param host one, or {@code *} and the end of many ({@code *.shop.tulle})
 * @param exportedTo the clients that it can hold for
 * @param created when the resource was made: of two that say the same thing the older holds
 */
public record Destination(
        ResourceRef source,
        String host,
        PolicySet<DestinationPolicy> policy,
        SortedMap<Integer, PolicySet<DestinationPolicy>> ports,
        SortedMap<String, Subset> subsets,
        Visibility exportedTo,
        Instant created) {
    public Destination {
        ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
        subsets = Collections.unmodifiableSortedMap(new TreeMap<>(subsets));
    }

    /** Whether it speaks of a host, by name or by the end of its name. */
    public boolean speaksOf(String other) {
        return isOfMany() ? other.endsWith(host.substring(1)) : host.equals(other);
    }

    /** Whether its host stands for many. */
    public boolean isOfMany() {
        return host.startsWith("*");
    }

    /**
     * Both as one, as Istio merges two for the same host: the policy is that of this one, the older, unless it has none;
     * subsets are those of both, and of two with one name this one's.
     */
    public Destination with(Destination younger) {
        var silent = policy.equals(DestinationPolicy.NONE) && ports.isEmpty();
        var all = new TreeMap<>(younger.subsets);
        all.putAll(subsets);
        return new Destination(
                source,
                host,
                silent ? younger.policy : policy,
                silent ? younger.ports : ports,
                all,
                exportedTo,
                created);
    }

    /** Whether clients are told to speak the mesh's mutual TLS, to any part of it, and not who may answer. */
    public boolean asksForMeshTls() {
        return says(tls ->
                tls instanceof ClientTls.Mesh mesh && mesh.subjectAltNames().isEmpty());
    }

    /** Whether clients are told to begin TLS as to something outside the mesh, to any part of it. */
    public boolean originatesTls() {
        return says(tls -> tls instanceof ClientTls.Origination);
    }

    private boolean says(Predicate<ClientTls> what) {
        var inSubsets = subsets.values().stream()
                .flatMap(s -> Stream.concat(Stream.of(s.policy()), s.ports().values().stream()));
        return Stream.of(Stream.of(policy), ports.values().stream(), inSubsets)
                .flatMap(all -> all)
                .anyMatch(p -> p.of(ClientTls.class).filter(what).isPresent());
    }

    /** Workloads of the host that carry all these labels, and what is different for them. */
    public record Subset(
            Map<String, String> labels,
            PolicySet<DestinationPolicy> policy,
            SortedMap<Integer, PolicySet<DestinationPolicy>> ports) {
        public Subset {
            labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
            ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
        }
    }

    /** The policy for one port of the whole host, or of a subset of it. */
    public PolicySet<DestinationPolicy> policyFor(int port, Optional<String> subset) {
        var all = policy.overriddenBy(ports.getOrDefault(port, DestinationPolicy.NONE));
        return subset.map(subsets::get)
                .map(s ->
                        all.overriddenBy(s.policy()).overriddenBy(s.ports().getOrDefault(port, DestinationPolicy.NONE)))
                .orElse(all);
    }
}
