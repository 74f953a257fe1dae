package io.tulle.control;

import io.tulle.control.compile.Labels;
import io.tulle.control.compile.Members;
import io.tulle.model.Problem;
import io.tulle.model.ServiceName;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.RouteRule;
import io.tulle.model.world.RouteRule.Backend;
import io.tulle.model.world.Routing;
import io.tulle.model.world.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Shares of requests that go to a subset of which no instance runs: each of them is answered 503. */
final class EmptySubsets {
    private final World world;
    private final Fleet fleet;

    private EmptySubsets(World world, Fleet fleet) {
        this.world = world;
        this.fleet = fleet;
    }

    static List<Problem> of(World world, Fleet fleet) {
        var subsets = new EmptySubsets(world, fleet);
        return world.routings().stream()
                .flatMap(routing -> legs(routing)
                        .filter(leg -> leg.weight() > 0)
                        .flatMap(leg -> subsets.problem(routing, leg).stream()))
                .distinct()
                .toList();
    }

    private static Stream<Backend> legs(Routing routing) {
        var http = routing.http().stream()
                .map(RouteRule::action)
                .flatMap(action ->
                        action instanceof RouteRule.Action.Forward forward ? forward.backends().stream() : Stream.of());
        return Stream.concat(http, routing.tcp().stream().flatMap(rule -> rule.backends().stream()));
    }

    private Optional<Problem> problem(Routing routing, Backend leg) {
        var service = ServiceName.parse(leg.host(), "default")
                .filter(name -> name.host().equals(leg.host()));
        if (service.isEmpty() || leg.subset().isEmpty()) return Optional.empty();
        var subset = leg.subset().get();
        var labels = labels(leg.host(), subset);
        if (labels.isEmpty()) return Optional.empty(); // no rule defines it: Checks say that
        var wanted = labels.getFirst();
        var runs =
                members(service.get()).anyMatch(one -> Labels.of(one).entrySet().containsAll(wanted.entrySet()));
        if (runs) return Optional.empty();
        return Optional.of(Problem.warning(
                FindingCodes.EMPTY_SUBSET,
                routing.source() + " sends requests to subset '" + subset + "' of " + leg.host()
                        + ", and no running instance carries " + written(wanted) + ": they are answered 503",
                "start one with tulle run --service " + service.get().name() + options(wanted)
                        + ", or give the subset weight 0 until it runs"));
    }

    private List<Map<String, String>> labels(String host, String subset) {
        return world.destinations().stream()
                .filter(destination -> destination.speaksOf(host))
                .flatMap(
                        destination -> Optional.ofNullable(destination.subsets().get(subset)).stream())
                .map(found -> found.labels())
                .toList();
    }

    private Stream<Instance> members(ServiceName name) {
        var declared = Optional.ofNullable(world.services().get(name));
        return fleet.instances().values().stream()
                .filter(one -> declared.isPresent()
                        ? Members.has(declared.get(), one)
                        : one.service().equals(name));
    }

    private static String written(Map<String, String> labels) {
        return String.join(
                ", ", labels.entrySet().stream().map(Object::toString).toList());
    }

    private static String options(Map<String, String> labels) {
        return String.join(
                "", labels.entrySet().stream().map(label -> " --label " + label).toList());
    }
}
