package io.tulle.compile;

import io.tulle.model.ServiceName;
import io.tulle.model.world.External;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.Scope;
import io.tulle.xds.codec.Resource;
import io.tulle.xds.layer.Shelf;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is left of what clients see where a scope is drawn around it: the destinations inside and, as in Istio, those that their rules
 * lead to. The shelves of one moment are those of the moment before where they hold the same.
 */
final class Scoping {
    static final Scoping NONE = new Scoping(Map.of());

    private final Map<Key, Held> before;
    private final Map<Key, Held> now = new ConcurrentHashMap<>();

    private Scoping(Map<Key, Held> before) {
        this.before = before;
    }

    private record Key(Clients clients, Scope scope) {}

    /**
     * What is inside of one scope.
     *
     * @param names a word for each
     * @param all everything of each
     */
    private record Held(Map<String, DestinationLayer> layers, Shelved names, Shelved all) {}

    private record Shelved(List<Resource> resources, Shelf shelf) {
        static final Shelved NOTHING = new Shelved(List.of(), Shelf.EMPTY);

        Shelved then(List<Resource> others) {
            return resources.equals(others) ? this : new Shelved(others, Shelf.of(others));
        }
    }

    Scoping next() {
        return new Scoping(Map.copyOf(now));
    }

    /** By host. */
    Map<String, DestinationLayer> layers(Clients clients, Scope scope, Seen seen) {
        return held(clients, scope, seen).layers();
    }

    /** The names, or for a node that asks for everything all of it. */
    Shelf shelf(Clients clients, Scope scope, Seen seen, boolean everything) {
        var held = held(clients, scope, seen);
        return everything ? held.all().shelf() : held.names().shelf();
    }

    private Held held(Clients clients, Scope scope, Seen seen) {
        return now.computeIfAbsent(new Key(clients, scope), key -> {
            var last = Optional.ofNullable(before.get(key));
            var layers = inside(seen, scope);
            var names = new ArrayList<Resource>();
            var all = new ArrayList<Resource>();
            layers.values().forEach(layer -> {
                names.add(layer.name());
                all.addAll(layer.resourcesIn(clients.namespace(), clients.capability()));
            });
            return new Held(
                    layers,
                    last.map(Held::names).orElse(Shelved.NOTHING).then(List.copyOf(names)),
                    last.map(Held::all).orElse(Shelved.NOTHING).then(List.copyOf(all)));
        });
    }

    private static Map<String, DestinationLayer> inside(Seen seen, Scope scope) {
        var named = new HashSet<String>();
        seen.layers().forEach((host, layer) -> {
            if (owner(seen, host, layer)
                    .filter(owner -> scope.includes(owner, host))
                    .isPresent()) named.add(host);
        });
        return new TreeMap<>(Selection.closure(seen.layers(), named));
    }

    private static Optional<String> owner(Seen seen, String host, DestinationLayer layer) {
        return layer.bundle()
                .service()
                .map(ServiceName::namespace)
                .or(() -> Optional.ofNullable(seen.perspective().externals().get(host))
                        .map(External::source)
                        .map(ResourceRef::namespace));
    }
}
