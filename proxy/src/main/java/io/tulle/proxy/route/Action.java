package io.tulle.proxy.route;

import io.tulle.model.match.PathMatch;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.RouteSpec;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What one match of one route does, with all decisions that can be made beforehand made. */
@FunctionalInterface
interface Action {
    Decision decide(RequestFacts request, RandomGenerator random);

    static Action compile(RouteSpec spec, Route route, Optional<PathMatch> matched) {
        return switch (spec.action()) {
            case ActionSpec.Forward forward -> forward(route, forward, matched);
            case ActionSpec.Redirect redirect -> {
                var location = Location.compile(redirect, matched);
                var changes = route.headers().response();
                yield (request, _) -> new Decision.Redirect(route, redirect.status(), location.of(request), changes);
            }
            case ActionSpec.Respond(var status, var body) ->
                always(new Decision.Reply(route, status, body, route.headers().response()));
        };
    }

    private static Action forward(Route route, ActionSpec.Forward forward, Optional<PathMatch> matched) {
        var path = PathEdit.compile(forward.path(), matched);
        var legs = forward.targets().stream().filter(leg -> leg.weight() > 0).toList();
        var targets = legs.stream()
                .map(leg -> Target.compile(route.headers(), forward.authority(), leg))
                .toList();
        var decisions = targets.stream()
                .map(target -> new Decision.Forward(route, target, path, targets))
                .toList();
        var split = Split.compile(
                decisions, legs.stream().map(ActionSpec.Target::weight).toList());
        if (!split.isEmpty()) return (_, random) -> split.draw(random);
        var reason = "route " + route.name() + " has no target of weight above 0";
        return always(new Decision.NoTarget(route, reason));
    }

    private static Action always(Decision decision) {
        return (_, _) -> decision;
    }
}
