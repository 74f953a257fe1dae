package io.tulle.control;

import io.tulle.compile.Members;
import io.tulle.model.Problem;
import io.tulle.model.ServiceName;
import io.tulle.model.policy.Towards;
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

/** Requests, or copies of them, that go to a subset of which no instance runs: they are answered 503, or lost. */
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
                .flatMap(routing -> Stream.concat(
                        legs(routing)
                                .filter(leg -> leg.weight() > 0)
                                .flatMap(leg -> subsets.problem(routing, Lead.of(leg)).stream()),
                        copies(routing).flatMap(lead -> subsets.problem(routing, lead).stream())))
                .distinct()
                .toList();
    }

    /**
     * Where a rule leads.
     *
     * @param what goes there, and what becomes of it
     * @param otherwise how to do without an instance
     */
    private record Lead(String host, Optional<String> subset, String what, String lost, String otherwise) {
        static Lead of(Backend leg) {
            return new Lead(
                    leg.host(), leg.subset(), "requests", "answered 503", "give the subset weight 0 until it runs");
        }

        static Lead of(Towards.Written copies) {
            return new Lead(
                    copies.host(), copies.subset(), "copies of requests", "lost", "take the mirror out until it runs");
        }
    }

    private static Stream<Lead> copies(Routing routing) {
        return routing.http().stream().flatMap(RouteRule::alsoTowards).map(Lead::of);
    }

    private static Stream<Backend> legs(Routing routing) {
        var http = routing.http().stream()
                .map(RouteRule::action)
                .flatMap(action ->
                        action instanceof RouteRule.Action.Forward forward ? forward.backends().stream() : Stream.of());
        return Stream.concat(http, routing.tcp().stream().flatMap(rule -> rule.backends().stream()));
    }

    private Optional<Problem> problem(Routing routing, Lead leg) {
        var service = ServiceName.ofHost(leg.host());
        if (service.isEmpty() || leg.subset().isEmpty()) return Optional.empty();
        var subset = leg.subset().get();
        var labels = labels(leg.host(), subset);
        if (labels.isEmpty()) return Optional.empty(); // no rule defines it: Checks say that
        var wanted = labels.getFirst();
        var runs = members(service.get())
                .anyMatch(one -> one.workload().selectable().entrySet().containsAll(wanted.entrySet()));
        if (runs) return Optional.empty();
        return Optional.of(ControlCode.EMPTY_SUBSET.warning(
                routing.source() + " sends " + leg.what() + " to subset '" + subset + "' of " + leg.host()
                        + ", and no running instance carries " + written(wanted) + ": they are " + leg.lost(),
                "start one with tulle run --service " + service.get().name() + options(wanted) + ", or "
                        + leg.otherwise()));
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
                        ? Members.has(declared.get(), one.workload())
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
