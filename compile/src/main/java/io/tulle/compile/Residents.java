package io.tulle.compile;

import io.tulle.model.shared.SharedMap;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ProxyNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * All instances with what is known of each: whose kind of client it is, and what only it hears. The next moment's shares what a change
 * does not touch.
 *
 * @param views the keys of what clients see; while these stay, an instance that did not change is a client of the same kind
 * @param kinds of all who are there
 * @param gateways the ids of those that are
 */
record Residents(SharedMap<String, Resident> byId, Set<String> views, Set<Clients> kinds, Set<String> gateways) {
    static final Residents NOBODY = new Residents(SharedMap.empty(), Set.of(), Set.of(), Set.of());

    record Resident(Instance instance, Clients clients, OwnLayer own) {}

    /** What is known of an instance in exactly this state. */
    Optional<Resident> of(Instance instance) {
        return byId.find(instance.id()).filter(known -> known.instance.equals(instance));
    }

    Optional<OwnLayer> ownOf(String id) {
        return byId.find(id).map(Resident::own);
    }

    /**
     * @param stale those that came, went or changed, or whose own layer may be another
     * @param own compiles what an instance alone hears
     */
    Residents then(
            Sound now, SharedMap<String, Instance> instances, Set<String> stale, Function<Instance, OwnLayer> own) {
        var seen = now.seen().keySet();
        var isSeenAsBefore = views.equals(seen);
        if (isSeenAsBefore && stale.isEmpty()) return this;
        var interned = new HashMap<Clients, Clients>();
        var all = isSeenAsBefore ? byId : SharedMap.<String, Resident>empty();
        var renewed = isSeenAsBefore ? stale : instances.keySet();
        for (var id : renewed) {
            var instance = instances.find(id);
            if (instance.isEmpty()) {
                all = all.without(id);
                continue;
            }
            var clients = interned.computeIfAbsent(Clients.of(now, instance.get()), Function.identity());
            var layer = stale.contains(id)
                    ? own.apply(instance.get())
                    : byId.find(id).map(Resident::own).orElseGet(() -> own.apply(instance.get()));
            all = all.with(id, new Resident(instance.get(), clients, layer));
        }
        return new Residents(all, Set.copyOf(seen), kindsOf(all), gatewaysOf(all));
    }

    private static Set<String> gatewaysOf(Map<String, Resident> all) {
        var ids = new HashSet<String>();
        all.forEach((id, each) -> {
            if (each.instance.node().kind() == ProxyNode.Kind.GATEWAY) ids.add(id);
        });
        return ids;
    }

    private static Set<Clients> kindsOf(Map<String, Resident> all) {
        var kinds = new HashSet<Clients>();
        all.values().forEach(each -> kinds.add(each.clients));
        return kinds;
    }
}
