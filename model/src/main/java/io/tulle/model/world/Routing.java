package io.tulle.model.world;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The rules that one resource writes for the services it names (Gateway API HTTPRoute and GRPCRoute, Istio VirtualService).
 *
 * @param precedence how its rules stand among those of other resources for the same port
 * @param parents the service ports that it applies to
 * @param exportedTo the clients that it can hold for
 * @param created when the resource was made: of two equal ones the older goes first (Gateway API)
 * @param edge where it holds for callers from outside
 */
public record Routing(
        ResourceRef source,
        Precedence precedence,
        List<Parent> parents,
        List<RouteRule> http,
        List<TcpRule> tcp,
        Visibility exportedTo,
        Instant created,
        AtEdge edge) {
    public Routing {
        parents = List.copyOf(parents);
        http = List.copyOf(http);
        tcp = List.copyOf(tcp);
    }

    /** One for callers within the mesh alone. */
    public Routing(
            ResourceRef source,
            Precedence precedence,
            List<Parent> parents,
            List<RouteRule> http,
            List<TcpRule> tcp,
            Visibility exportedTo,
            Instant created) {
        this(source, precedence, parents, http, tcp, exportedTo, created, AtEdge.NOWHERE);
    }

    /** Istio's order of what clients of a namespace see: first what only they see, then what was exported to them, then the rest. */
    public int nearness(String client) {
        if (exportedTo.everywhere()) return 2;
        return source.namespace().equals(client) ? 0 : 1;
    }

    /** Whether there are clients for whom neither goes before the other. */
    public boolean meets(Routing other) {
        if (exportedTo.everywhere() || other.exportedTo.everywhere()) return exportedTo.equals(other.exportedTo);
        return exportedTo.namespaces().stream()
                .anyMatch(client -> other.exportedTo.includes(client) && nearness(client) == other.nearness(client));
    }

    /** How rules are ordered. */
    public enum Precedence {
        /** By how specific each match is (Gateway API): exact path, longest prefix, method, most headers, most queries. */
        SPECIFICITY,
        /** As written, the first that matches (Istio). */
        WRITTEN
    }

    /** The clients that only some rules are for. */
    public Stream<SourceMatch> sources() {
        return Stream.concat(http.stream().map(RouteRule::from), tcp.stream().map(TcpRule::from))
                .filter(from -> !from.isAny());
    }

    /**
     * Where a resource holds for callers from outside.
     *
     * @param hosts the host names that it is for, {@code *.example.com} for all below one; none for those of the door
     */
    public record AtEdge(List<Attachment> gateways, List<String> hosts) {
        public static final AtEdge NOWHERE = new AtEdge(List.of(), List.of());

        public AtEdge {
            gateways = List.copyOf(gateways);
            hosts = hosts.stream().sorted().distinct().toList();
        }
    }

    /**
     * A service (by canonical or external host), one port of it or all.
     *
     * @param section the port's name (Gateway API's {@code sectionName}); where number and name are said both must hold
     */
    public record Parent(String host, OptionalInt port, Optional<String> section) {
        /** By number alone. */
        public Parent(String host, OptionalInt port) {
            this(host, port, Optional.empty());
        }

        public boolean names(ServicePort declared) {
            return (port.isEmpty() || port.getAsInt() == declared.port())
                    && (section.isEmpty() || section.get().equals(declared.name()));
        }
    }

    /**
     * A gateway's listeners.
     *
     * @param listener the one of this name; empty for each
     * @param port those of this port; empty for each
     */
    public record Attachment(ResourceRef gateway, Optional<String> listener, OptionalInt port) {}

    /**
     * Where connections that are not routed by request go.
     *
     * @param port empty means every port
     * @param from the clients that it is for
     * @param serverNames of TLS that asks for one of these; none where it is not asked
     */
    public record TcpRule(
            OptionalInt port, SourceMatch from, List<RouteRule.Backend> backends, List<String> serverNames) {
        public TcpRule {
            backends = List.copyOf(backends);
            serverNames = serverNames.stream().sorted().distinct().toList();
        }

        /** One for connections whatever they ask for. */
        public TcpRule(OptionalInt port, SourceMatch from, List<RouteRule.Backend> backends) {
            this(port, from, backends, List.of());
        }

        /** For every client. */
        public TcpRule(OptionalInt port, List<RouteRule.Backend> backends) {
            this(port, SourceMatch.ANY, backends);
        }
    }
}
