package io.tulle.compile;

import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.HashKey;
import io.tulle.model.policy.HashPolicy;
import io.tulle.model.policy.PolicySet;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.policy.Towards;
import io.tulle.model.world.RouteRule;
import io.tulle.model.world.Routing;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ActionSpec.Target;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The route table of one port of a destination, from every resource that speaks of it. */
record RouteCompiler(Resolver resolver) {
    /** What a rule answers whose every leg names nothing (Gateway API: 500 for an invalid backendRef). */
    private static final int INVALID_BACKEND = 500;

    /** The same in a VirtualService (Istio: 503 for a cluster that is not there, such as a subset before its rule). */
    private static final int NO_CLUSTER = 503;

    RouteTableSpec compile(String host, int port) {
        return compile(host, host, port);
    }

    /**
     * The same for a host that is another name of one: by the rules that speak of it, else by those of what it means.
     *
     * @param meant where requests go of which no rule speaks
     */
    RouteTableSpec compile(String host, String meant, int port) {
        var own = speakingOf(host, port).toList();
        var written = own.isEmpty() ? speakingOf(meant, port).toList() : own;
        var name = Names.outbound(meant, port, Optional.empty());
        var routes = written.isEmpty() ? List.of(RouteSpec.toCluster("default", name)) : routesOf(written, meant, port);
        var hashed = routes.stream().map(this::hashed).toList();
        return new RouteTableSpec(Names.outbound(host, port, Optional.empty()), hashed);
    }

    /** With what its clusters hash of a request: only the route sees it. */
    private RouteSpec hashed(RouteSpec route) {
        if (!(route.action() instanceof ActionSpec.Forward(var targets, var _, var _))) return route;
        var keys = targets.stream()
                .flatMap(target -> resolver.hashKey(target.cluster()).stream())
                .distinct()
                .toList();
        return keys.isEmpty() ? route : route.with(Optional.of(new HashPolicy(keys)));
    }

    /** Whether plain connections to the port are told apart by their caller's address: nothing else of them is known. */
    static boolean hashesSource(List<Target> connections, Resolver resolver) {
        return connections.stream()
                .flatMap(target -> resolver.hashKey(target.cluster()).stream())
                .anyMatch(HashKey.SourceAddress.class::isInstance);
    }

    /**
     * The rules of resources at a gateway's port: of one that is written in order, or of several by how specific each match is.
     */
    List<RouteSpec> atEdge(List<Routing> written, int port) {
        if (written.size() == 1 && written.getFirst().precedence() == Routing.Precedence.WRITTEN) {
            var routing = written.getFirst();
            return rulesFor(routing, port).stream()
                    .map(rule -> hashed(route(routing, rule, matchesOf(rule), port)))
                    .toList();
        }
        return bySpecificity(written, port).stream().map(this::hashed).toList();
    }

    /** Where plain connections go by one rule. */
    List<Target> connections(Routing.TcpRule rule, int port) {
        var targets = targets(rule.backends(), port);
        return targets.isEmpty() ? List.of(Target.of(Nowhere.NAME)) : targets;
    }

    /** Where plain connections to the port go. */
    List<Target> connections(String host, int port) {
        return connections(host, host, port);
    }

    /** The same for a host that is another name of one. */
    List<Target> connections(String host, String meant, int port) {
        var own = speakingOf(host, port).toList();
        for (var routing : own.isEmpty() ? speakingOf(meant, port).toList() : own) {
            for (var rule : routing.tcp()) {
                if (rule.port().isPresent() && rule.port().getAsInt() != port) continue;
                if (!resolver.perspective().isOf(rule.from())) continue;
                return connections(rule, port);
            }
        }
        return List.of(Target.of(Names.outbound(meant, port, Optional.empty())));
    }

    private Stream<Routing> speakingOf(String host, int port) {
        return resolver.speakingOf(host).stream()
                .filter(routing -> routing.parents().stream()
                        .anyMatch(parent -> parent.host().equals(host) && isMeant(parent, port)));
    }

    private boolean isMeant(Routing.Parent parent, int port) {
        if (parent.section().isEmpty())
            return parent.port().isEmpty() || parent.port().getAsInt() == port;
        return resolver.service(parent.host())
                .flatMap(entry -> entry.service().port(port))
                .filter(parent::names)
                .isPresent();
    }

    /**
     * One VirtualService has the say where there is one, the oldest; else every HTTPRoute of those nearest to the client, by how specific each match is: a
     * route of the client's own namespace takes the place of those of the service's (GAMMA's consumer route).
     */
    private List<RouteSpec> routesOf(List<Routing> written, String host, int port) {
        var virtual = written.stream()
                .filter(r -> r.precedence() == Routing.Precedence.WRITTEN)
                .findFirst();
        return virtual.isPresent() ? inOrder(virtual.get(), host, port) : bySpecificity(written, port);
    }

    private List<RouteSpec> bySpecificity(List<Routing> written, int port) {
        var ranked = new ArrayList<Specificity.Ranked>();
        var nearest = resolver.perspective().nearness(written.getFirst());
        for (var routing : written) {
            if (resolver.perspective().nearness(routing) != nearest) break;
            for (var rule : rulesFor(routing, port)) {
                for (var match : matchesOf(rule)) {
                    ranked.add(
                            new Specificity.Ranked(match, ranked.size(), route(routing, rule, List.of(match), port)));
                }
            }
        }
        return ranked.stream()
                .sorted(Specificity.ORDER)
                .map(Specificity.Ranked::route)
                .toList();
    }

    private List<RouteSpec> inOrder(Routing routing, String host, int port) {
        if (routing.http().isEmpty()) {
            // A VirtualService that speaks of connections only leaves requests as they are.
            return List.of(RouteSpec.toCluster("default", Names.outbound(host, port, Optional.empty())));
        }
        return rulesFor(routing, port).stream()
                .map(rule -> route(routing, rule, matchesOf(rule), port))
                .toList();
    }

    private List<RouteRule> rulesFor(Routing routing, int port) {
        return routing.http().stream()
                .filter(rule -> rule.port().isEmpty() || rule.port().getAsInt() == port)
                .filter(rule -> resolver.perspective().isOf(rule.from()))
                .toList();
    }

    private static List<RequestMatch> matchesOf(RouteRule rule) {
        return rule.matches().isEmpty() ? List.of(RequestMatch.ANY) : rule.matches();
    }

    private RouteSpec route(Routing routing, RouteRule rule, List<RequestMatch> matches, int port) {
        return new RouteSpec(
                routing.source() + "#" + rule.name(),
                matches,
                action(routing, rule.action(), port),
                policies(rule, port));
    }

    private PolicySet<RoutePolicy> policies(RouteRule rule, int port) {
        var resolved = rule.policies().all().stream()
                .flatMap(policy ->
                        policy.resolved(to -> resolver.cluster(to, port).map(Towards.Cluster::new)).stream())
                .toList();
        return new PolicySet<>(RoutePolicy.class, resolved);
    }

    private ActionSpec action(Routing routing, RouteRule.Action action, int port) {
        return switch (action) {
            case RouteRule.Action.Forward forward -> {
                var targets = targets(forward.backends(), port);
                yield targets.isEmpty()
                        ? new ActionSpec.Respond(
                                routing.precedence() == Routing.Precedence.WRITTEN ? NO_CLUSTER : INVALID_BACKEND,
                                CompileCode.NO_BACKEND.code() + " no backend of this route exists: "
                                        + forward.backends().stream()
                                                .map(RouteCompiler::written)
                                                .toList())
                        : new ActionSpec.Forward(targets, forward.path(), forward.authority());
            }
            case RouteRule.Action.Redirect r ->
                new ActionSpec.Redirect(r.status(), r.scheme(), r.authority(), toPort(r, port), r.path());
            case RouteRule.Action.Respond(var status, var body) -> new ActionSpec.Respond(status, body);
        };
    }

    private static OptionalInt toPort(RouteRule.Action.Redirect redirect, int dialled) {
        if (redirect.port().isEmpty()) return OptionalInt.empty();
        return OptionalInt.of(
                switch (redirect.port().get()) {
                    case RouteRule.ToPort.Numbered(var port) -> port;
                    case RouteRule.ToPort.Dialled _ -> dialled;
                });
    }

    /** Legs that name nothing are kept as a cluster without endpoints, so that their share fails and nobody else's grows. */
    private List<Target> targets(List<RouteRule.Backend> backends, int port) {
        var found =
                backends.stream().map(b -> resolver.cluster(b.towards(), port)).toList();
        if (found.stream().allMatch(Optional::isEmpty)) return List.of();
        var weights =
                Weights.fitted(backends.stream().map(RouteRule.Backend::weight).toList());
        var targets = new ArrayList<Target>();
        for (var i = 0; i < backends.size(); i++) {
            var backend = backends.get(i);
            var cluster = found.get(i).orElse(Nowhere.NAME);
            targets.add(new Target(cluster, weights.get(i), backend.requestHeaders(), backend.responseHeaders()));
        }
        return targets;
    }

    private static String written(RouteRule.Backend backend) {
        var port = backend.port().isPresent() ? ":" + backend.port().getAsInt() : "";
        return backend.host() + port + backend.subset().map(s -> " subset " + s).orElse("");
    }
}
