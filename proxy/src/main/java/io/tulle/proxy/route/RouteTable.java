package io.tulle.proxy.route;

import io.tulle.model.match.PathMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The routes of one service port, compiled: the first match of the first route decides, as written in the spec. An index
 * by path finds the few that can match, so that a table of thousands costs what a small one does. Immutable; safe from
 * any thread.
 */
public final class RouteTable {
    /** A table without routes, for a port that has none: everything is {@link Decision.NoRoute}. */
    public static final RouteTable EMPTY = compile(new RouteTableSpec("", List.of()));

    private final String name;
    private final List<Action> actions;
    private final PathIndex index;

    private RouteTable(String name, List<Action> actions, PathIndex index) {
        this.name = name;
        this.actions = actions;
        this.index = index;
    }

    /**
     * @throws IllegalArgumentException when a route cannot be carried out (it edits a header that frames messages); the
     *     message names the route, and the whole table is to be rejected
     */
    public static RouteTable compile(RouteTableSpec spec) {
        var tests = new ArrayList<RequestTest>();
        var paths = new ArrayList<Optional<PathMatch>>();
        var actions = new ArrayList<Action>();
        for (var routeSpec : spec.routes()) {
            var route = route(routeSpec);
            for (var match : routeSpec.matches()) {
                tests.add(RequestTest.compile(match));
                paths.add(match.ignorePathCase() ? Optional.empty() : match.path());
                actions.add(action(routeSpec, route, match));
            }
        }
        return new RouteTable(spec.name(), List.copyOf(actions), PathIndex.compile(tests, paths));
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
        var found = index.first(request);
        return found < 0 ? Decision.NO_ROUTE : actions.get(found).decide(request, random);
    }
}
