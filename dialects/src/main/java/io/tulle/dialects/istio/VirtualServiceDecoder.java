package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Addresses;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import io.tulle.dialects.kind.Hosts;
import io.tulle.model.world.RouteRule;
import io.tulle.model.world.Routing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** VirtualService: the mesh's own traffic, {@code http} and {@code tcp} routes. */
final class VirtualServiceDecoder implements Decoder {
    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        if (!fields.has("spec")) fields.missing("spec");
        return fields.object("spec", spec -> routing(spec, context))
                .<List<Contribution>>map(routing -> List.of(new Contribution.OfRouting(routing)))
                .orElse(List.of());
    }

    private static Routing routing(FieldReader spec, Context context) {
        var where = Gateways.where(spec, context);
        var exportedTo = Gateways.exportedTo(spec, context);
        var http = spec.objects("http", route -> new RouteDecoder(route, context).rules());
        var tcp = spec.objects("tcp", route -> tcp(route, context)).stream()
                .flatMap(List::stream)
                .toList();
        if (where.inMesh() && spec.has("tls")) spec.notActedOn("tls", "");
        var tls = spec.objects("tls", route -> tls(route, context)).stream()
                .flatMap(List::stream)
                .toList();
        if (http.isEmpty() && tcp.isEmpty() && !spec.has("tls")) {
            spec.problem(Codes.MISSING, "", "has no routes", "write http or tcp routes");
        }
        return new Routing(
                context.resource().ref(),
                Routing.Precedence.WRITTEN,
                parents(spec, context, where.inMesh()),
                numbered(http),
                Stream.concat(tcp.stream(), tls.stream()).toList(),
                exportedTo,
                context.resource().metadata().creationTimestamp().orElse(Instant.EPOCH),
                where.edge());
    }

    private static List<Routing.Parent> parents(FieldReader spec, Context context, boolean inMesh) {
        var hosts = spec.texts("hosts");
        if (hosts.isEmpty()) spec.missing("hosts");
        for (var host : hosts) {
            if (host.startsWith("*") && inMesh) spec.notActedOn("hosts", host);
            var isOfMany = host.equals("*") || (host.startsWith("*.") && Hosts.isHost(host.substring(2)));
            if (!isOfMany && !Hosts.isHost(host) && !Addresses.isAddress(host))
                spec.problem(Codes.BAD_HOST, "hosts", "'" + host + "' is not a DNS name");
        }
        reportRepeated(spec, hosts);
        if (!inMesh) return List.of();
        return hosts.stream()
                .map(context::host)
                .distinct()
                .sorted()
                .map(host -> new Routing.Parent(host, OptionalInt.empty()))
                .toList();
    }

    /** Reports a host that is written twice. */
    static void reportRepeated(FieldReader spec, List<String> hosts) {
        var seen = new HashSet<String>();
        for (var host : hosts) {
            if (!seen.add(Hosts.plain(host)))
                spec.problem(Codes.DUPLICATE_NAME, "hosts", "names '" + host + "' twice", "write it once");
        }
    }

    /** Rules without a name of their own are called by their place: 0, 1, 2. */
    private static List<RouteRule> numbered(List<List<RouteRule>> routes) {
        var all = new ArrayList<RouteRule>();
        for (int i = 0; i < routes.size(); i++) {
            for (var rule : routes.get(i)) {
                all.add(rule.name().isEmpty() ? rule.named(Integer.toString(i)) : rule);
            }
        }
        return all;
    }

    /** TLS that is passed through at a gateway, by the name that its caller asks for. */
    private static List<Routing.TcpRule> tls(FieldReader route, Context context) {
        if (!route.has("match")) route.missing("match");
        var legs = Legs.tcp(route, context);
        if (legs.isEmpty()) route.missing("route");
        return route.objects("match", match -> {
            Gateways.requireMesh(match);
            var names = match.texts("sniHosts");
            if (names.isEmpty()) match.missing("sniHosts");
            for (var name : names) {
                var isHost = name.equals("*") || Hosts.isHost(name.startsWith("*.") ? name.substring(2) : name);
                if (!isHost) match.problem(Codes.BAD_HOST, "sniHosts", "'" + name + "' is not a DNS name");
            }
            var all = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
            return new Routing.TcpRule(
                    Ports.orUnset(match, "port"), Matches.source(match), legs, all.contains("*") ? List.of() : all);
        });
    }

    private static List<Routing.TcpRule> tcp(FieldReader route, Context context) {
        var matches = route.objects("match", match -> {
            Gateways.requireMesh(match);
            return new Routing.TcpRule(Ports.orUnset(match, "port"), Matches.source(match), List.of());
        });
        var legs = Legs.tcp(route, context);
        if (legs.isEmpty()) route.missing("route");
        var each = matches.isEmpty() ? List.of(new Routing.TcpRule(OptionalInt.empty(), List.of())) : matches;
        return each.stream()
                .map(match -> new Routing.TcpRule(match.port(), match.from(), legs))
                .toList();
    }
}
