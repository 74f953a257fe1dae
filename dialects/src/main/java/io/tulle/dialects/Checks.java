package io.tulle.dialects;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.Problem;
import io.tulle.model.Problem.Place;
import io.tulle.model.ServiceName;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.Towards;
import io.tulle.model.world.External;
import io.tulle.model.world.PeerPolicy;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.RouteRule;
import io.tulle.model.world.Routing;
import io.tulle.model.world.Selector;
import io.tulle.model.world.Service;
import io.tulle.model.world.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What only shows when resources are seen together: names that lead nowhere, and two that claim the same thing. */
public final class Checks {
    private final World world;
    private final Map<ResourceRef, Resource> resources = new HashMap<>();
    private final Map<String, Service> services = new HashMap<>();
    private final Set<String> hosts = new HashSet<>();
    private final List<Problem> problems = new ArrayList<>();

    private Checks(World world, Collection<Resource> resources, Collection<ServiceName> announced) {
        this.world = world;
        resources.forEach(resource -> this.resources.putIfAbsent(resource.ref(), resource));
        world.services().values().forEach(service -> services.put(service.name().host(), service));
        hosts.addAll(services.keySet());
        announced.forEach(name -> hosts.add(name.host()));
        world.externals().stream().map(External::hosts).forEach(hosts::addAll);
    }

    /**
     * Checks a World.
     *
     * @param resources those that it was read from, for file and line
     * @param announced services that are known because instances of them run
     */
    public static List<Problem> run(World world, Collection<Resource> resources, Collection<ServiceName> announced) {
        var checks = new Checks(world, resources, announced);
        checks.backends();
        checks.unreachable();
        checks.overlaps();
        checks.problems.addAll(new DestinationChecks(world, checks.hosts, checks::place, checks::placed).run());
        checks.problems.addAll(new EdgeChecks(world, checks::place).run());
        checks.peers();
        return WorldReader.sorted(checks.problems);
    }

    private void backends() {
        for (var routing : world.routings()) {
            for (var parent : routing.parents()) {
                known(routing.source(), parent.host(), parent.port());
                section(routing.source(), parent);
            }
            legs(routing).distinct().forEach(leg -> {
                known(routing.source(), leg.host(), leg.port());
                leg.subset().ifPresent(subset -> subset(routing.source(), leg.host(), subset));
            });
        }
    }

    static Stream<Towards.Written> legs(Routing routing) {
        var http = routing.http().stream().flatMap(rule -> Stream.concat(legs(rule.action()), rule.alsoTowards()));
        var tcp = routing.tcp().stream().flatMap(rule -> rule.backends().stream());
        return Stream.concat(http, tcp.map(RouteRule.Backend::towards));
    }

    private static Stream<Towards.Written> legs(RouteRule.Action action) {
        return action instanceof RouteRule.Action.Forward forward
                ? forward.backends().stream().map(RouteRule.Backend::towards)
                : Stream.empty();
    }

    private void known(ResourceRef source, String host, OptionalInt port) {
        if (!hosts.contains(host)) {
            warn(
                    Codes.UNKNOWN_BACKEND,
                    source,
                    host,
                    source + " names " + host + ", which nothing declares or announces");
            return;
        }
        var service = Optional.ofNullable(services.get(host));
        if (port.isEmpty()
                || service.isEmpty()
                || service.get().port(port.getAsInt()).isPresent()) return;
        warn(
                Codes.UNKNOWN_PORT,
                source,
                host,
                source + " names port " + port.getAsInt() + " of " + host + ", which declares "
                        + service.get().ports().stream()
                                .map(p -> Integer.toString(p.port()))
                                .collect(Collectors.joining(", ")));
    }

    private void section(ResourceRef source, Routing.Parent parent) {
        var declared = Optional.ofNullable(services.get(parent.host()));
        if (parent.section().isEmpty()
                || declared.map(Service::ports).orElse(List.of()).stream().anyMatch(parent::names)) return;
        var port =
                parent.port().isPresent() ? " with the number " + parent.port().getAsInt() : "";
        warn(
                Codes.UNKNOWN_PORT,
                source,
                parent.section().get(),
                source + " names the port '" + parent.section().get() + "'" + port + " of " + parent.host()
                        + ", and no Service declares it");
    }

    private void subset(ResourceRef source, String host, String subset) {
        var defined = world.destinations().stream()
                .filter(destination -> destination.speaksOf(host))
                .flatMap(destination -> destination.subsets().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        if (defined.contains(subset)) return;
        var has = defined.isEmpty()
                ? "no DestinationRule of that host defines any"
                : "defined are " + String.join(", ", defined);
        problems.add(Codes.UNKNOWN_SUBSET
                .warning(source + " sends requests to subset '" + subset + "' of " + host + ", and " + has)
                .at(place(source, subset)));
    }

    private void unreachable() {
        for (var routing : world.routings()) {
            if (routing.precedence() != Routing.Precedence.WRITTEN) continue;
            var rules = routing.http();
            for (int i = 0; i + 1 < rules.size(); i++) {
                if (!takesAll(rules.get(i))) continue;
                problems.add(Codes.UNREACHABLE
                        .warning(routing.source() + ": rule " + rules.get(i + 1).name()
                                + " is never reached, because rule "
                                + rules.get(i).name() + " takes every request")
                        .at(place(routing.source(), rules.get(i + 1).name())));
                break;
            }
        }
    }

    private static boolean takesAll(RouteRule rule) {
        return rule.port().isEmpty()
                && rule.from().isAny()
                && (rule.matches().isEmpty() || rule.matches().contains(RequestMatch.ANY));
    }

    private void overlaps() {
        var byHost = new TreeMap<String, List<Routing>>();
        for (var routing : world.routings()) {
            routing.parents().stream()
                    .map(Routing.Parent::host)
                    .distinct()
                    .forEach(host ->
                            byHost.computeIfAbsent(host, _ -> new ArrayList<>()).add(routing));
        }
        byHost.forEach((host, routings) -> {
            var written = of(routings, Routing.Precedence.WRITTEN);
            var specific = of(routings, Routing.Precedence.SPECIFICITY);
            var both = meeting(written, written);
            if (both.size() > 1) overlap(Codes.OVERLAP, host, both);
            var dialects = meeting(written, specific);
            if (!dialects.isEmpty()) {
                overlap(Codes.TWO_DIALECTS, host, List.of(specific.getFirst().source(), dialects.getFirst()));
            }
        });
    }

    private static List<Routing> of(List<Routing> routings, Routing.Precedence precedence) {
        return routings.stream()
                .filter(routing -> routing.precedence() == precedence)
                .sorted(Comparator.comparing(Routing::source))
                .toList();
    }

    /** Those of some rules that meet one of the others at a client; what only other clients see does not compete. */
    private static List<ResourceRef> meeting(List<Routing> some, List<Routing> others) {
        return some.stream()
                .filter(routing -> others.stream()
                        .anyMatch(other -> !other.source().equals(routing.source()) && routing.meets(other)))
                .map(Routing::source)
                .toList();
    }

    /** Told at the later one, naming all. */
    private void overlap(Codes code, String host, List<ResourceRef> sources) {
        var all = sources.stream().map(ref -> ref + placed(ref)).collect(Collectors.joining(" and "));
        // Of what is stored nobody has the text: it is told where somebody has.
        var written = sources.stream().filter(this::isWritten).toList();
        var told = written.isEmpty() ? sources.getLast() : written.getLast();
        problems.add(code.problem(host + " is claimed by " + all).at(place(told, host)));
    }

    private boolean isWritten(ResourceRef ref) {
        var resource = resources.get(ref);
        return resource != null && !resource.place().file().isEmpty();
    }

    /** A document that came by the API is called after its resource, which is named already. */
    private static boolean isFile(Place place, ResourceRef ref) {
        return !place.file().isEmpty() && !place.file().equals(ref.namespace() + "/" + ref.name());
    }

    /** Of two for the very same workloads Istio takes the older; which that is cannot be seen in a file. */
    private void peers() {
        var bySelector = new HashMap<Map.Entry<String, Selector>, PeerPolicy>();
        for (var policy : world.peerPolicies()) {
            var key = Map.entry(policy.source().namespace(), policy.selector());
            var first = bySelector.putIfAbsent(key, policy);
            if (first == null) continue;
            var what = policy.selector().isEmpty()
                    ? "namespace " + policy.source().namespace()
                    : "workloads " + policy.selector().labels();
            overlap(Codes.OVERLAP, what, List.of(first.source(), policy.source()));
        }
    }

    private void warn(Codes code, ResourceRef source, String text, String message) {
        problems.add(code.warning(message).at(place(source, text)));
    }

    private String placed(ResourceRef ref) {
        return Optional.ofNullable(resources.get(ref))
                .filter(resource -> isFile(resource.place(), ref))
                .map(resource -> " (" + resource.place() + ")")
                .orElse("");
    }

    /** Where a resource says a text (or a host's short form); its beginning if it does not. */
    private Place place(ResourceRef ref, String text) {
        var resource = Optional.ofNullable(resources.get(ref));
        var shortForm = text.contains(".") ? text.substring(0, text.indexOf('.')) : text;
        return resource.flatMap(r -> find(r.content(), text)
                        .or(() -> find(r.content(), shortForm))
                        .or(() -> Optional.of(r.place())))
                .orElse(Node.MADE);
    }

    private static Optional<Place> find(Node node, String text) {
        return switch (node) {
            case Node.Text(var place, var value) when value.equals(text) -> Optional.of(place);
            case Node.Mapping mapping -> first(mapping.entries().stream().map(Node.Entry::value), text);
            case Node.Sequence list -> first(list.items().stream(), text);
            case Node.Text _, Node.Numeral _, Node.Bool _, Node.Null _ -> Optional.empty();
        };
    }

    private static Optional<Place> first(Stream<Node> nodes, String text) {
        return nodes.map(node -> find(node, text)).flatMap(Optional::stream).findFirst();
    }
}
