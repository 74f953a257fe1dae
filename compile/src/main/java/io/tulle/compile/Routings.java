package io.tulle.compile;

import io.tulle.model.world.Routing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which rules speak of a host: kept from change to change, not searched.
 *
 * @param byHost by parents' hosts, each in the World's order
 */
record Routings(List<Routing> all, Map<String, List<Routing>> byHost) {
    static final Routings NONE = new Routings(List.of(), Map.of());

    private static final Comparator<Routing> ORDER =
            Comparator.comparing(Routing::created).thenComparing(Routing::source);

    /** What a change makes of it, and the hosts of which other rules speak now. */
    record Step(Routings now, Set<String> hosts) {}

    Step then(List<Routing> now) {
        var difference = Difference.of(all, now);
        if (difference.isNothing()) return new Step(this, Set.of());
        var hosts = new HashSet<String>();
        difference.all().forEach(routing -> hosts.addAll(hosts(routing)));
        var index = new HashMap<>(byHost);
        difference.gone().forEach(routing -> hosts(routing).forEach(host -> remove(index, host, routing)));
        difference.come().forEach(routing -> hosts(routing).forEach(host -> add(index, host, routing)));
        return new Step(new Routings(now, index), hosts);
    }

    List<Routing> speakingOf(String host) {
        return byHost.getOrDefault(host, List.of());
    }

    private static Set<String> hosts(Routing routing) {
        var hosts = new HashSet<String>();
        routing.parents().forEach(parent -> hosts.add(parent.host()));
        return hosts;
    }

    private static void remove(Map<String, List<Routing>> index, String host, Routing routing) {
        var rest = new ArrayList<>(index.getOrDefault(host, List.of()));
        rest.remove(routing);
        if (rest.isEmpty()) index.remove(host);
        else index.put(host, rest);
    }

    private static void add(Map<String, List<Routing>> index, String host, Routing routing) {
        var all = new ArrayList<>(index.getOrDefault(host, List.of()));
        all.add(routing);
        all.sort(ORDER);
        index.put(host, all);
    }
}
