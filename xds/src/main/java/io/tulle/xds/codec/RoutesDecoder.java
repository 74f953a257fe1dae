package io.tulle.xds.codec;

import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.wire.facts.RouteFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a RouteConfiguration. The port of an authority never counts, so a domain with a port means the one without. */
final class RoutesDecoder {
    private static final Pattern PORT = Pattern.compile(":([0-9]+|\\*)$");

    private RoutesDecoder() {}

    static RouteTableSpec decode(Node table) {
        // our snapshots are closed in any case, and a port of an authority never counts here
        table.ignore("validate_clusters", "ignore_port_in_host_matching");
        var name = table.name("name");
        var hosts = new ArrayList<RouteTableSpec.Host>();
        List<RouteSpec> everybodys = List.of();
        for (var host : table.children("virtual_hosts")) {
            host.ignore("name"); // shows in Envoy's statistics only
            var routes = routes(host, name);
            var domains = host.texts("domains").stream()
                    .map(domain -> PORT.matcher(domain).replaceFirst("").toLowerCase(Locale.ROOT))
                    .toList();
            if (domains.contains("*")) everybodys = routes;
            var named = domains.stream().filter(domain -> !domain.equals("*")).toList();
            if (!named.isEmpty()) hosts.add(new RouteTableSpec.Host(named, routes));
        }
        return new RouteTableSpec(name, everybodys, hosts);
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
}
