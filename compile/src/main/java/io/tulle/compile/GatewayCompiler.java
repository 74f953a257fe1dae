package io.tulle.compile;

import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.world.Gateway;
import io.tulle.model.world.Gateway.Clients;
import io.tulle.model.world.Gateway.Listener;
import io.tulle.model.world.Gateway.SecretRef;
import io.tulle.model.world.Gateway.Speech;
import io.tulle.model.world.Gateway.Termination;
import io.tulle.model.world.Grant;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.Routing;
import io.tulle.model.world.Routing.Precedence;
import io.tulle.model.world.TlsSecret;
import io.tulle.model.world.World;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.CertificateSpec;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ChainSpec.Security;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.TrustSpec;
import io.tulle.xds.spec.WireSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What one gateway hears of its own side: a socket for each port of the Gateways that it serves, with a chain and a route table for
 * each way in. Ports, tables and chains are called as Istio's are.
 */
final class GatewayCompiler {
    private static final String EVERYWHERE = "0.0.0.0";
    private static final int MISDIRECTED = 421; // RFC 9110 section 15.5.20
    private static final int MOVED = 301;

    private final World world;
    private final Resolver resolver;
    private final Instance node;
    private final List<Authorization> guards;
    private final Attachments attachments;
    private final Map<Spec.Ref, Spec> specs =
            new TreeMap<>(Comparator.comparing((Spec.Ref ref) -> ref.type()).thenComparing(ref -> ref.name()));

    private GatewayCompiler(World world, Resolver resolver, Instance node) {
        this.world = world;
        this.resolver = resolver;
        this.node = node;
        this.guards = Self.authorizations(world, node.workload());
        this.attachments = new Attachments(world);
    }

    /** @param resolver of what its clients, those of the gateway's namespace, see */
    static List<Spec> compile(World world, Resolver resolver, Instance node) {
        var compiler = new GatewayCompiler(world, resolver, node);
        compiler.byPort().forEach(compiler::port);
        return List.copyOf(compiler.specs.values());
    }

    /** One listener, and the Gateway that it is of. */
    private record Way(Gateway gateway, Listener listener) {
        boolean isTls() {
            return listener.speech() == Speech.TLS
                    || listener.tls().filter(tls -> !tls.redirects()).isPresent();
        }

        /** By what only one socket can do at a time. */
        String nature() {
            return isTls() ? "TLS" : listener.speech().name();
        }

        int narrowness(String domain) {
            return Domains.orAll(listener.hosts()).stream()
                    .filter(own -> Domains.covers(own, domain))
                    .mapToInt(Domains::specificity)
                    .max()
                    .orElse(-1);
        }
    }

    /** Of listeners that cannot stand on one port the first has it. */
    private Map<Integer, List<Way>> byPort() {
        var all = new TreeMap<Integer, List<Way>>();
        for (var gateway : world.edge().gateways()) {
            if (!gateway.isServedBy(node)) continue;
            for (var listener : gateway.listeners()) {
                var way = new Way(gateway, listener);
                var others = all.computeIfAbsent(listener.port(), _ -> new ArrayList<>());
                if (others.isEmpty() || others.getFirst().nature().equals(way.nature())) others.add(way);
            }
        }
        return all;
    }

    private void port(int port, List<Way> ways) {
        var chains = ways.getFirst().isTls() ? secured(port, ways) : plain(port, ways);
        if (chains.isEmpty()) return;
        put(new ListenerSpec(
                EVERYWHERE + "_" + port,
                new ListenerSpec.Place.Bound(EVERYWHERE, port),
                chains,
                world.settings().revealPolicies()));
    }

    private List<ChainSpec> plain(int port, List<Way> ways) {
        if (ways.getFirst().listener().speech() == Speech.TCP) {
            return connections(port, ways)
                    .map(wire -> new ChainSpec("tcp." + port, port, List.of(), ChainSpec.PLAINTEXT, wire))
                    .map(List::of)
                    .orElse(List.of());
        }
        var name = "http." + port;
        var table = table(name, port, ways, ways);
        put(table);
        var wire = new WireSpec.Http(name, guards, table.knowsSessions());
        return List.of(new ChainSpec(name, port, List.of(), ChainSpec.PLAINTEXT, wire));
    }

    private List<ChainSpec> secured(int port, List<Way> ways) {
        var chains = new ArrayList<ChainSpec>();
        var taken = new TreeSet<String>();
        for (var way : ways) {
            if (way.listener().speech() != Speech.HTTP) {
                chains.addAll(byServerName(port, way, taken));
                continue;
            }
            var hosts = Domains.orAll(way.listener().hosts()).stream()
                    .filter(taken::add)
                    .toList();
            if (hosts.isEmpty()) continue;
            var names = hosts.contains(Domains.ALL) ? List.<String>of() : hosts;
            chain(port, way, ways, names).ifPresent(chains::add);
        }
        return chains;
    }

    private Optional<ChainSpec> chain(int port, Way way, List<Way> all, List<String> names) {
        var source = way.gateway().source();
        var name = "https." + port + "." + way.listener().name() + "." + source.name() + "." + source.namespace();
        var security = way.listener().tls().flatMap(tls -> terminated(way.gateway(), tls));
        if (security.isEmpty()) return Optional.empty();
        var table = table(name, port, List.of(way), all);
        put(table);
        var wire = new WireSpec.Http(name, guards, table.knowsSessions());
        return Optional.of(new ChainSpec(name, port, names, security.get(), wire));
    }

    /**
     * Whole connections over TLS, by the name that is asked for: as they are, or with TLS that ends here.
     *
     * @param taken names that lead elsewhere already
     */
    private List<ChainSpec> byServerName(int port, Way way, Set<String> taken) {
        var security = way.listener().speech() == Speech.TLS
                ? Optional.<Security>of(new Security.PassedThrough())
                : way.listener().tls().flatMap(tls -> terminated(way.gateway(), tls));
        if (security.isEmpty()) return List.of();
        var chains = new ArrayList<ChainSpec>();
        for (var routing : attachments.of(way.gateway(), way.listener())) {
            for (int i = 0; i < routing.tcp().size(); i++) {
                var rule = routing.tcp().get(i);
                if (rule.port().isPresent() && rule.port().getAsInt() != port) continue;
                var asked = rule.serverNames().isEmpty() ? routing.edge().hosts() : rule.serverNames();
                var names = Domains.orAll(asked).stream()
                        .flatMap(host -> Domains.orAll(way.listener().hosts()).stream()
                                .flatMap(own -> Domains.both(own, host).stream()))
                        .filter(taken::add)
                        .toList();
                if (names.isEmpty()) continue;
                chains.add(new ChainSpec(
                        "tls." + port + "." + routing.source() + "#" + i,
                        port,
                        names.contains(Domains.ALL) ? List.of() : names,
                        security.get(),
                        new WireSpec.Tcp(new RouteCompiler(resolver).connections(rule, port), guards)));
            }
        }
        return chains;
    }

    private Optional<WireSpec> connections(int port, List<Way> ways) {
        return ways.stream()
                .flatMap(way -> attachments.of(way.gateway(), way.listener()).stream())
                .flatMap(routing -> routing.tcp().stream())
                .filter(rule -> rule.port().isEmpty() || rule.port().getAsInt() == port)
                .findFirst()
                .map(rule -> new WireSpec.Tcp(new RouteCompiler(resolver).connections(rule, port), guards));
    }

    /** Nothing where a certificate cannot be had: such a door stays shut. */
    private Optional<Security> terminated(Gateway gateway, Termination tls) {
        var shown = tls.certificates().stream()
                .flatMap(ref -> secret(gateway, ref).stream())
                .filter(secret -> secret.pair().isPresent())
                .toList();
        if (shown.isEmpty()) return Optional.empty();
        shown.forEach(secret -> secret.pair()
                .ifPresent(pair -> put(new CertificateSpec(Names.secret(secret), pair.chain(), pair.key()))));
        var names = shown.stream().map(Names::secret).toList();
        return switch (tls.clients()) {
            case Clients.Anybody() -> Optional.of(new Security.Terminated(names, Optional.empty(), false));
            case Clients.Proven(var refs, var required) ->
                roots(gateway, refs).map(name -> new Security.Terminated(names, Optional.of(name), required));
        };
    }

    private Optional<String> roots(Gateway gateway, List<SecretRef> refs) {
        var found = refs.stream()
                .flatMap(ref -> secret(gateway, ref).stream())
                .filter(secret -> secret.roots().isPresent())
                .toList();
        if (found.isEmpty()) return Optional.empty();
        var name = "roots|" + Names.secret(found.getFirst());
        put(new TrustSpec(
                name,
                "",
                found.stream()
                        .flatMap(secret -> secret.roots().stream())
                        .flatMap(Pems::blocks)
                        .toList()));
        return Optional.of(name);
    }

    private Optional<TlsSecret> secret(Gateway gateway, SecretRef ref) {
        var own = gateway.source().namespace();
        var namespace = ref.namespace().orElse(node.service().namespace());
        var who = new Grant.From("gateway.networking.k8s.io", "Gateway", own);
        var isOpen = ref.namespace().isEmpty() || world.edge().allows(who, namespace, "", ref.kind(), ref.name());
        return Optional.ofNullable(world.edge().secrets().get(new ResourceRef(ref.kind(), namespace, ref.name())))
                .filter(_ -> isOpen);
    }

    /**
     * The routes of some ways in, by host.
     *
     * @param all every way in at the port: what means another one's host is not looked for here
     */
    private RouteTableSpec table(String name, int port, List<Way> ways, List<Way> all) {
        var byDomain = new TreeMap<String, List<RouteSpec>>();
        for (var way : ways) {
            if (way.listener().tls().filter(Termination::redirects).isPresent()) {
                Domains.orAll(way.listener().hosts()).forEach(host -> byDomain.put(host, List.of(toHttps(way))));
                continue;
            }
            var attached = attachments.of(way.gateway(), way.listener()).stream()
                    .filter(this::isSound)
                    .toList();
            for (var domain : domains(way, attached)) {
                if (isOf(way, domain, all)) byDomain.computeIfAbsent(domain, _ -> routes(domain, way, attached, port));
            }
        }
        if (ways.size() < all.size())
            misdirected(ways, all).forEach(domain -> byDomain.putIfAbsent(domain, elsewhere()));
        var everybodys = byDomain.getOrDefault(Domains.ALL, List.of());
        byDomain.remove(Domains.ALL);
        var hosts = byDomain.entrySet().stream()
                .map(each -> new RouteTableSpec.Host(List.of(each.getKey()), each.getValue()))
                .toList();
        return new RouteTableSpec(name, everybodys, hosts);
    }

    /** Those of a listener itself, and what its routes narrow them to. */
    private static List<String> domains(Way way, List<Routing> attached) {
        var own = Domains.orAll(way.listener().hosts());
        var narrowed = attached.stream()
                .flatMap(routing -> Domains.orAll(routing.edge().hosts()).stream())
                .flatMap(host -> own.stream().flatMap(mine -> Domains.both(mine, host).stream()));
        return Stream.concat(own.stream(), narrowed).distinct().toList();
    }

    /** Whether of all ways in this one is the nearest to a domain (Gateway API: listener isolation). */
    private static boolean isOf(Way way, String domain, List<Way> all) {
        var narrowest =
                all.stream().mapToInt(each -> each.narrowness(domain)).max().orElse(-1);
        return way.narrowness(domain) == narrowest;
    }

    /** Host names of which another certificate speaks: a connection that was opened for one of ours is not for them. */
    private static List<String> misdirected(List<Way> ways, List<Way> all) {
        return all.stream()
                .filter(way -> !ways.contains(way))
                .flatMap(way -> way.listener().hosts().stream())
                .distinct()
                .filter(host -> ways.stream().noneMatch(way -> isOf(way, host, all)))
                .toList();
    }

    private List<RouteSpec> routes(String domain, Way way, List<Routing> attached, int port) {
        var compiler = new RouteCompiler(resolver);
        var written = attached.stream()
                .filter(routing -> routing.precedence() == Precedence.WRITTEN)
                .filter(routing ->
                        narrowing(routing, way, domain).filter(domain::equals).isPresent())
                .toList();
        if (!written.isEmpty())
            return written.stream()
                    .flatMap(routing -> compiler.atEdge(List.of(routing), port).stream())
                    .toList();
        var groups = new TreeMap<Integer, List<Routing>>(Comparator.reverseOrder());
        for (var routing : attached) {
            if (routing.precedence() != Precedence.SPECIFICITY) continue;
            narrowing(routing, way, domain)
                    .ifPresent(host -> groups.computeIfAbsent(Domains.specificity(host), _ -> new ArrayList<>())
                            .add(routing));
        }
        return groups.values().stream()
                .flatMap(group -> compiler.atEdge(group, port).stream())
                .toList();
    }

    /** Of the host names of a route at a listener the narrowest that means a domain. */
    private static Optional<String> narrowing(Routing routing, Way way, String domain) {
        return Domains.orAll(routing.edge().hosts()).stream()
                .flatMap(host ->
                        Domains.orAll(way.listener().hosts()).stream().flatMap(own -> Domains.both(own, host).stream()))
                .filter(host -> Domains.covers(host, domain))
                .max(Comparator.comparingInt(Domains::specificity));
    }

    /** A rule that no proxy could carry out holds up nothing else. */
    private boolean isSound(Routing routing) {
        return Trial.failure(() -> Encoded.proven(
                        new RouteTableSpec("trial", new RouteCompiler(resolver).atEdge(List.of(routing), 1))))
                .isEmpty();
    }

    private static RouteSpec toHttps(Way way) {
        var redirect = new ActionSpec.Redirect(
                MOVED, Optional.of("https"), Optional.empty(), OptionalInt.empty(), Optional.empty());
        return new RouteSpec(
                way.gateway().source() + "#" + way.listener().name(),
                List.of(RequestMatch.ANY),
                redirect,
                RoutePolicy.NONE);
    }

    private static List<RouteSpec> elsewhere() {
        return List.of(new RouteSpec(
                "misdirected",
                List.of(RequestMatch.ANY),
                new ActionSpec.Respond(
                        MISDIRECTED,
                        CompileCode.MISDIRECTED.code()
                                + " this connection was opened for another host name; open one for this")));
    }

    private void put(Spec spec) {
        specs.put(new Spec.Ref(spec.type(), spec.name()), spec);
    }
}
