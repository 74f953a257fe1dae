package io.tulle.model.world;

import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/**
 * The rules that one resource writes for the services it names (Gateway API HTTPRoute and GRPCRoute, Istio VirtualService).
 *
 * @param precedence how its rules stand among those of other resources for the same port
 * @param parents the service ports that it applies to
 * @param created when the resource was made: of two equal ones the older goes first (Gateway API)
 */
public record Routing(
        ResourceRef source,
        Precedence precedence,
        List<Parent> parents,
        List<RouteRule> http,
        List<TcpRule> tcp,
        Instant created) {
    public Routing {
        parents = List.copyOf(parents);
        http = List.copyOf(http);
        tcp = List.copyOf(tcp);
    }

    /** How rules are ordered. */
    public enum Precedence {
        /** By how specific each match is (Gateway API): exact path, longest prefix, method, most headers, most queries. */
        SPECIFICITY,
        /** As written, the first that matches (Istio). */
        WRITTEN
    }

    /** A service (by canonical or external host), one port of it or all. */
    public record Parent(String host, OptionalInt port) {}

    /** Where connections that are not routed by request go; {@code port} empty means every port. */
    public record TcpRule(OptionalInt port, List<RouteRule.Backend> backends) {
        public TcpRule {
            backends = List.copyOf(backends);
        }
    }
}
