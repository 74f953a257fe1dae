package io.tulle.xds.codec;

import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.tulle.model.policy.PolicySet;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.xds.wire.facts.RouteFacts;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How one kind of route policy stands in Envoy's Route, and in Tulle's facts beside it. Each kind has a file of its own. */
interface RoutePolicyCodec<P extends RoutePolicy>
        extends PolicyCodec<RoutePolicy, P, RoutePolicyCodec.Writing, RoutePolicyCodec.Source> {
    /** One line a kind. */
    List<RoutePolicyCodec<?>> ALL = List.of(
            new TimeoutCodec(),
            new RetryCodec(),
            new FaultCodec(),
            new HeaderCodec(),
            new MirrorCodec(),
            new HashCodec(),
            new CorsCodec(),
            new SessionCodec());

    /** Those that a route may configure for itself. */
    Set<String> FILTERS = Set.of(FaultCodec.FILTER, CorsCodec.FILTER, SessionCodec.FILTER);

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

    /** Writes what a route asks for. */
    static void encode(PolicySet<RoutePolicy> policies, Writing into) {
        PolicyCodec.encode(ALL, policies, into);
    }

    /** Reads what a route asks for. */
    static PolicySet<RoutePolicy> decodeAll(Source from) {
        return PolicyCodec.decode(ALL, RoutePolicy.NONE, from);
    }
}
