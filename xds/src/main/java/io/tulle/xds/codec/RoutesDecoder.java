package io.tulle.xds.codec;

import io.tulle.model.match.RequestMatch;
import io.tulle.model.match.TextMatch;
import io.tulle.xds.XdsCode;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.wire.facts.RouteFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Reads a RouteConfiguration. Several virtual hosts, as other servers send them, become conditions on the authority, in
 * Envoy's order of search: exact domains, longest suffix, longest prefix, all.
 */
final class RoutesDecoder {
    private RoutesDecoder() {}

    static RouteTableSpec decode(Node table) {
        table.ignore("validate_clusters"); // our snapshots are closed in any case
        var name = table.name("name");
        var hosted = new ArrayList<Hosted>();
        for (var host : table.children("virtual_hosts")) {
            host.ignore("name"); // shows in Envoy's statistics only
            var routes = routes(host, name);
            host.texts("domains").forEach(domain -> hosted.add(Hosted.of(domain, routes)));
        }
        hosted.sort(Comparator.comparingInt(Hosted::rank)
                .thenComparingInt(each -> -each.domain().length()));
        return new RouteTableSpec(
                name,
                hosted.stream().flatMap(each -> each.conditioned().stream()).toList());
    }

    private static List<RouteSpec> routes(Node host, String table) {
        var routes = new ArrayList<RouteSpec>();
        var ordinal = 0;
        for (var node : host.children("routes")) {
            var facts = Wellknown.facts(node, RouteFacts.getDefaultInstance());
            var also = facts.map(each -> each.flag("also")).orElse(false);
            var route = route(node, facts, table + "#" + ordinal++);
            if (also && !routes.isEmpty()) {
                var before = routes.removeLast();
                if (!before.withMatches(route.matches()).equals(route)) {
                    throw node.invalid("metadata", "says it is the route before, which it is not");
                }
                var matches = new ArrayList<>(before.matches());
                matches.addAll(route.matches());
                routes.add(before.withMatches(matches));
            } else {
                routes.add(route);
            }
        }
        return routes;
    }

    private static RouteSpec route(Node route, Optional<Node> facts, String unnamed) {
        var whole = facts.map(each -> each.flag("whole_segments")).orElse(false);
        var rewrite = facts.filter(each -> each.has("prefix_rewrite")).map(each -> each.text("prefix_rewrite"));
        route.ignore("stat_prefix", "decorator"); // names for Envoy's statistics and traces
        var written = route.text("name");
        ActionSpec action;
        Optional<Node> forward = Optional.empty();
        switch (route.which("action")) {
            case "route" -> {
                forward = Optional.of(route.need("route"));
                action = Actions.forward(route.need("route"), rewrite);
            }
            case "redirect" -> action = Actions.redirect(route.need("redirect"));
            case "direct_response" -> action = Actions.respond(route.need("direct_response"));
            case "" -> throw route.invalid("action", "is missing");
            case String other -> throw route.unsupported(other);
        }
        return new RouteSpec(
                written.isEmpty() ? unnamed : written,
                List.of(Matches.decode(route.need("match"), whole)),
                action,
                RoutePolicyCodec.decodeAll(new RoutePolicyCodec.Source(route, forward, facts)));
    }

    /** The routes of one domain of a virtual host. */
    private record Hosted(String domain, int rank, List<RouteSpec> routes) {
        static Hosted of(String domain, List<RouteSpec> routes) {
            var rank = domain.equals("*") ? 3 : domain.startsWith("*") ? 1 : domain.endsWith("*") ? 2 : 0;
            return new Hosted(domain, rank, routes);
        }

        List<RouteSpec> conditioned() {
            if (rank == 3) return routes;
            var authority = TextMatch.ofWildcard(domain);
            var all = new ArrayList<>(routes.stream()
                    .map(route -> route.withMatches(under(route, authority)))
                    .toList());
            // Envoy searches no further host once one has matched
            all.add(new RouteSpec(
                    domain, List.of(under(RequestMatch.ANY, authority, domain)), new ActionSpec.Respond(404, "")));
            return all;
        }

        private static List<RequestMatch> under(RouteSpec route, TextMatch authority) {
            return route.matches().stream()
                    .map(match -> under(match, authority, route.name()))
                    .toList();
        }

        private static RequestMatch under(RequestMatch match, TextMatch authority, String route) {
            if (match.authority().isPresent()) {
                throw new Refused(
                        XdsCode.UNSUPPORTED,
                        "a condition on :authority inside a virtual host of one domain, in route " + route);
            }
            return new RequestMatch(
                    match.path(),
                    match.ignorePathCase(),
                    match.method(),
                    Optional.of(authority),
                    match.scheme(),
                    match.headers(),
                    match.queryParameters());
        }
    }
}
