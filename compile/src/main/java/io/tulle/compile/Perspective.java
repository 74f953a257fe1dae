package io.tulle.compile;

import io.tulle.model.ServiceName;
import io.tulle.model.world.Destination;
import io.tulle.model.world.External;
import io.tulle.model.world.Instance;
import io.tulle.model.world.Routing;
import io.tulle.model.world.SourceMatch;
import io.tulle.model.world.Visibility;
import io.tulle.model.world.World;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The World as clients of one namespace see it: of each host the one external and the one destination that hold for them.
 * Istio's order for a DestinationRule is the client's namespace, the service's, the root namespace; in each the most
 * specific host. Namespaces that declare nothing of their own share {@link #COMMON}.
 */
final class Perspective {
    /** Of clients whose namespace says nothing that only they would hear; no namespace has this name. */
    static final String COMMON = "";

    /** Between a namespace and the labels that its client carries, in a perspective's key: no name holds it. */
    private static final String MARK = "\n";

    private final String root;
    private final String client;
    private final Set<String> marks;
    private final Map<String, Rules> rules = new HashMap<>();
    private final Map<String, External> externals;

    private Perspective(World world, String key) {
        var parts = key.split(MARK, -1);
        this.root = world.settings().rootNamespace();
        this.client = parts[0];
        this.marks = Set.of(parts);
        world.destinations().stream()
                .filter(destination -> destination.exportedTo().includes(client))
                .forEach(destination -> rules.computeIfAbsent(
                                destination.source().namespace(), _ -> new Rules(new HashMap<>(), new TreeSet<>()))
                        .add(destination));
        this.externals = externals(world);
    }

    /** The World for the clients of a key: {@link #keyOf}. */
    static Perspective of(World world, String key) {
        return new Perspective(world, key);
    }

    /**
     * Who sees the same: the namespace, where it sees something otherwise, and the labels by which rules tell clients apart.
     *
     * @param sources as {@link #sources} has them
     */
    static String keyOf(Instance client, Set<String> distinct, Set<SourceMatch> sources) {
        var namespace = client.node().scope();
        var key = distinct.contains(namespace) ? namespace : COMMON;
        var carried =
                sources.isEmpty() ? Map.<String, String>of() : client.workload().selectable();
        return sources.stream()
                .filter(source -> source.selects(carried))
                .map(source -> MARK + source.labels())
                .distinct()
                .sorted()
                .reduce(key, String::concat);
    }

    /** The clients that rules tell apart by labels. */
    static Set<SourceMatch> sources(World world) {
        return world.routings().stream()
                .flatMap(Routing::sources)
                .filter(source -> !source.labels().isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a rule is for these clients. */
    boolean isOf(SourceMatch source) {
        return source.namespace().stream().allMatch(client::equals)
                && (source.labels().isEmpty() || marks.contains(source.labels().toString()));
    }

    /** What lies outside, by host; each as if it had been declared for that host alone. */
    Map<String, External> externals() {
        return externals;
    }

    /** The namespaces that see something otherwise than {@link #COMMON}. */
    static Set<String> distinct(World world) {
        var all = new HashSet<String>();
        for (var destination : world.destinations()) {
            all.addAll(destination.exportedTo().namespaces());
            var own = destination.source().namespace();
            if (destination.isOfMany() || !destination.host().endsWith("." + own + "." + ServiceName.DOMAIN))
                all.add(own);
        }
        var declaring = new HashMap<String, String>();
        world.routings().forEach(routing -> {
            all.addAll(routing.exportedTo().namespaces());
            routing.sources().flatMap(source -> source.namespace().stream()).forEach(all::add);
        });
        world.services()
                .values()
                .forEach(service -> all.addAll(service.exportedTo().namespaces()));
        for (var external : world.externals()) {
            all.addAll(external.exportedTo().namespaces());
            for (var host : external.hosts()) {
                var own = external.source().namespace();
                if (isShort(host) || !declaring.getOrDefault(host, own).equals(own)) all.add(own);
                declaring.putIfAbsent(host, own);
            }
        }
        return all;
    }

    private Map<String, External> externals(World world) {
        var found = new TreeMap<String, External>();
        var ownFirst = Comparator.comparing(
                (External external) -> !external.source().namespace().equals(client));
        world.externals().stream().sorted(ownFirst).filter(this::isSeen).forEach(external -> {
            for (var host : external.hosts()) {
                if (isShort(host) && !external.source().namespace().equals(client)) continue;
                found.merge(host, external.of(host), (first, next) -> first.addsTo(next) ? first.joined(next) : first);
            }
        });
        return found;
    }

    private boolean isSeen(External external) {
        return sees(external.exportedTo());
    }

    /** Whether its clients see what is exported so. */
    boolean sees(Visibility exportedTo) {
        return exportedTo.includes(client);
    }

    /** By how near a rule is to its clients: the lowest holds before the others. */
    int nearness(Routing routing) {
        return routing.nearness(client);
    }

    /** A name of one label means something in its own namespace alone. */
    private static boolean isShort(String host) {
        return !host.contains(".");
    }

    /**
     * What holds for a host, as if it had been written for that host alone.
     *
     * @param owner the namespace of what the host means
     */
    Optional<Destination> destination(String host, String owner) {
        var order = client.equals(root) ? List.of(owner, root) : List.of(client, owner, root);
        return order.stream()
                .flatMap(namespace -> Optional.ofNullable(rules.get(namespace)).stream())
                .flatMap(found -> found.mostSpecific(host).stream())
                .findFirst()
                .map(d -> new Destination(
                        d.source(), host, d.policy(), d.ports(), d.subsets(), d.exportedTo(), d.created()));
    }

    /**
     * Those of one namespace, by host; oldest first, and what can be one is one.
     *
     * @param many hosts that stand for many
     */
    private record Rules(Map<String, Destination> byHost, Set<String> many) {
        void add(Destination destination) {
            if (destination.isOfMany()) many.add(destination.host());
            byHost.merge(
                    destination.host(),
                    destination,
                    (older, younger) -> older.exportedTo().equals(younger.exportedTo()) ? older.with(younger) : older);
        }

        Optional<Destination> mostSpecific(String host) {
            var exact = Optional.ofNullable(byHost.get(host));
            return exact.isPresent()
                    ? exact
                    : many.stream()
                            .flatMap(each -> Optional.ofNullable(byHost.get(each)).stream())
                            .filter(d -> d.speaksOf(host))
                            .max(Comparator.comparingInt(d -> d.host().length()));
        }
    }
}
