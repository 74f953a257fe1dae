package io.tulle.xds.codec;

import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.tulle.model.policy.PolicySet;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.xds.wire.facts.RouteFacts;
import java.util.List;
import java.util.Optional;

/** How one kind of route policy stands in Envoy's Route, and in Tulle's facts beside it. Each kind has a file of its own. */
interface RoutePolicyCodec<P extends RoutePolicy> {
    /** One line a kind. */
    List<RoutePolicyCodec<?>> ALL =
            List.of(new TimeoutCodec(), new RetryCodec(), new FaultCodec(), new HeaderCodec(), new MirrorCodec());

    /**
     * A route as it is written.
     *
     * @param forward the route's action, where it sends requests on
     */
    record Writing(Route.Builder route, Optional<RouteAction.Builder> forward, RouteFacts.Builder facts) {}

    /**
     * A route as it is read.
     *
     * @param forward the route's action, where it sends requests on
     * @param facts what Tulle wrote beside it
     */
    record Source(Node route, Optional<Node> forward, Optional<Node> facts) {}

    Class<P> kind();

    /** @param policy empty where the route has none, since Envoy's default may be something else than none */
    void encode(Optional<P> policy, Writing into);

    Optional<P> decode(Source from);

    /** Writes what a route asks for. */
    static void encode(PolicySet<RoutePolicy> policies, Writing into) {
        for (var codec : ALL) codec.encodeFrom(policies, into);
    }

    private void encodeFrom(PolicySet<RoutePolicy> policies, Writing into) {
        encode(policies.of(kind()), into);
    }

    /** Reads what a route asks for. */
    static PolicySet<RoutePolicy> decodeAll(Source from) {
        var all = ALL.stream()
                .<RoutePolicy>flatMap(codec -> codec.decode(from).stream())
                .toList();
        return new PolicySet<>(RoutePolicy.class, all);
    }
}
