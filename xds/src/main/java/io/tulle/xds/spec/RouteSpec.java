package io.tulle.xds.spec;

import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.PolicySet;
import io.tulle.model.policy.RoutePolicy;
import java.util.List;
import java.util.Optional;

/**
 * One route.
 *
 * @param name what log, metrics and explanations call it: {@code VirtualService shop/catalog#canary}
 * @param matches any of these is enough
 * @param policies without a {@link io.tulle.model.policy.TimeoutPolicy} there is no limit (Istio's default); without a
 *     {@link io.tulle.model.policy.RetryPolicy} only what surely was not delivered goes again
 */
public record RouteSpec(String name, List<RequestMatch> matches, ActionSpec action, PolicySet<RoutePolicy> policies) {
    public RouteSpec {
        matches = List.copyOf(matches);
        try {
            if (matches.isEmpty()) throw new IllegalArgumentException("it matches nothing");
            policies.all().forEach(RoutePolicy::requireSound);
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException("route " + name + ": " + refused.getMessage(), refused);
        }
    }

    /** A route without a policy. */
    public RouteSpec(String name, List<RequestMatch> matches, ActionSpec action) {
        this(name, matches, action, RoutePolicy.NONE);
    }

    /** A route that forwards everything to one cluster, with no policy. */
    public static RouteSpec toCluster(String name, String cluster) {
        return new RouteSpec(name, List.of(RequestMatch.ANY), ActionSpec.Forward.to(cluster));
    }

    public RouteSpec with(Optional<? extends RoutePolicy> policy) {
        return new RouteSpec(name, matches, action, policies.with(policy));
    }

    public RouteSpec withMatches(List<RequestMatch> others) {
        return new RouteSpec(name, others, action, policies);
    }
}
