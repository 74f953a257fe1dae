package io.tulle.proxy.route;

import io.tulle.model.match.PathMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The routes of one port, compiled: the first match of the first route decides, as written in the spec. An index
 * by path finds the few that can match, so that a table of thousands costs what a small one does. Immutable; safe from
 * any thread.
 */
public final class RouteTable {
    /** A table without routes, for a port that has none: everything is {@link Decision.NoRoute}. */
    public static final RouteTable EMPTY = compile(new RouteTableSpec("", List.of()));

    private final String name;
    private final Rules everybodys;
    private final Map<String, Rules> exact;
    private final List<Named> suffixes; // the longest first
    private final List<Named> prefixes;

    /** The routes of some authorities. */
    private record Rules(List<Action> actions, PathIndex index) {
        Decision decide(RequestFacts request, RandomGenerator random) {
            var found = index.first(request);
            return found < 0 ? Decision.NO_ROUTE : actions.get(found).decide(request, random);
        }
    }

    private record Named(String part, Rules rules) {
        static final Comparator<Named> LONGEST_FIRST =
                Comparator.comparingInt((Named named) -> named.part().length()).reversed();
    }

    private RouteTable(RouteTableSpec spec) {
        this.name = spec.name();
        this.everybodys = rules(spec.routes());
        var whole = new HashMap<String, Rules>();
        var ends = new ArrayList<Named>();
        var beginnings = new ArrayList<Named>();
        for (var host : spec.hosts()) {
            var rules = rules(host.routes());
            for (var domain : host.domains()) {
                if (domain.startsWith("*")) ends.add(new Named(domain.substring(1), rules));
                else if (domain.endsWith("*"))
                    beginnings.add(new Named(domain.substring(0, domain.length() - 1), rules));
                else whole.put(domain, rules);
            }
        }
        ends.sort(Named.LONGEST_FIRST);
        beginnings.sort(Named.LONGEST_FIRST);
        this.exact = Map.copyOf(whole);
        this.suffixes = List.copyOf(ends);
        this.prefixes = List.copyOf(beginnings);
    }

    /**
     * @throws IllegalArgumentException when a route cannot be carried out (it edits a header that frames messages); the
     *     message names the route, and the whole table is to be rejected
     */
    public static RouteTable compile(RouteTableSpec spec) {
        return new RouteTable(spec);
    }

    private static Rules rules(List<RouteSpec> routes) {
        var tests = new ArrayList<RequestTest>();
        var paths = new ArrayList<Optional<PathMatch>>();
        var actions = new ArrayList<Action>();
        for (var routeSpec : routes) {
            var route = route(routeSpec);
            for (var match : routeSpec.matches()) {
                tests.add(RequestTest.compile(match));
                paths.add(match.ignorePathCase() ? Optional.empty() : match.path());
                actions.add(action(routeSpec, route, match));
            }
        }
        return new Rules(List.copyOf(actions), PathIndex.compile(tests, paths));
    }

    private static Route route(RouteSpec spec) {
        try {
            return Route.compile(spec);
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException("route " + spec.name() + ": " + refused.getMessage(), refused);
        }
    }

    private static Action action(RouteSpec spec, Route route, RequestMatch match) {
        try {
            return Action.compile(spec, route, match.path());
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException("route " + spec.name() + ": " + refused.getMessage(), refused);
        }
    }

    /** The name of the spec, {@code cart.shop.tulle:4000}. */
    public String name() {
        return name;
    }

    /** Decides one request. Forwarding allocates nothing. */
    public Decision route(RequestFacts request, RandomGenerator random) {
        return rulesFor(request).decide(request, random);
    }

    private Rules rulesFor(RequestFacts request) {
        if (exact.isEmpty() && suffixes.isEmpty() && prefixes.isEmpty()) return everybodys;
        var host = Authority.host(request.authority());
        var named = exact.get(host);
        if (named != null) return named;
        for (var each : suffixes) {
            if (host.length() > each.part().length() && host.endsWith(each.part())) return each.rules();
        }
        for (var each : prefixes) {
            if (host.length() > each.part().length() && host.startsWith(each.part())) return each.rules();
        }
        return everybodys;
    }
}
