package io.tulle.model.policy;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One thing that a rule asks for its requests, the same value from what somebody wrote to what a proxy hears. Each kind is a
 * file of its own in every room: this record, a reader in each dialect, a codec in xds, a compiled form in the proxy.
 *
 * <p>The order of the permitted kinds is the order in which a rule's policies stand.
 */
public sealed interface RoutePolicy
        permits TimeoutPolicy,
                RetryPolicy,
                FaultPolicy,
                HeaderPolicy,
                MirrorPolicy,
                HashPolicy,
                CorsPolicy,
                SessionPolicy {
    PolicySet<RoutePolicy> NONE = new PolicySet<>(RoutePolicy.class, List.of());

    /** Those that are there. */
    @SafeVarargs
    static PolicySet<RoutePolicy> set(Optional<? extends RoutePolicy>... policies) {
        var all = NONE;
        for (var policy : policies) all = all.with(policy);
        return all;
    }

    /** @throws IllegalArgumentException with the reason why no proxy could carry it out */
    default void requireSound() {}

    /**
     * One policy of what two places of a rule say, where a dialect writes a kind in parts.
     *
     * @param other of the same kind
     */
    default RoutePolicy and(RoutePolicy other) {
        throw new IllegalArgumentException("one of two has to hold: " + this + " or " + other);
    }

    /** Where it sends anything, besides where the route does. */
    default Stream<Towards> leads() {
        return Stream.empty();
    }

    /**
     * The same, with clusters in the place of destinations as written.
     *
     * @param clusters the cluster of a destination; empty for one that does not exist
     * @return empty when nothing is left of it
     */
    default Optional<RoutePolicy> resolved(Function<Towards.Written, Optional<Towards.Cluster>> clusters) {
        return Optional.of(this);
    }
}
