package io.tulle.compile;

import io.tulle.xds.codec.Resource;
import io.tulle.xds.layer.Shelf;
import io.tulle.xds.layer.Shelving;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All destinations, encoded, for each kind of client: those of one namespace and capability share a shelf. From one moment to the
 * next only the destinations that changed are moved.
 *
 * @param names what is told of all destinations to who asks for them one by one, by perspective
 */
record Shelves(Map<Clients, Shelf> all, Map<String, Shelf> names) {
    static final Shelves NONE = new Shelves(Map.of(), Map.of());

    /** No namespace has this name, so to these no short name means anything. */
    private static final String NOBODYS = "";

    /** What they hear of all destinations. */
    Shelf of(Clients clients) {
        return all.getOrDefault(clients, Shelf.EMPTY);
    }

    /** The names that clients of a perspective see. */
    Shelf namesOf(String perspective) {
        return names.getOrDefault(perspective, Shelf.EMPTY);
    }

    /**
     * @param inhabited the kinds of clients that there are
     * @param compiled by perspective, the only hosts whose layers may be others than before
     */
    Shelves then(Sound before, Sound now, Set<Clients> inhabited, Map<String, Set<String>> compiled) {
        var moving = new Moving(this, before, now, compiled);
        inhabited.forEach(moving::move);
        inhabited.forEach(clients -> moving.name(clients.perspective()));
        return new Shelves(moving.moved, moving.named);
    }

    private static final class Moving {
        private final Shelves last;
        private final Sound before;
        private final Sound now;
        private final Map<String, Set<String>> compiled;
        private final Shelving shelving = new Shelving();
        private final Map<Clients, Shelf> moved = new HashMap<>();
        private final Map<String, Shelf> named = new HashMap<>();

        Moving(Shelves last, Sound before, Sound now, Map<String, Set<String>> compiled) {
            this.last = last;
            this.before = before;
            this.now = now;
            this.compiled = compiled;
        }

        Shelf move(Clients clients) {
            var done = moved.get(clients);
            if (done != null) return done;
            var old = Optional.ofNullable(last.all.get(clients))
                    .filter(_ -> before.seen().containsKey(clients.perspective()));
            var shelf = old.map(each -> changed(each, clients)).orElseGet(() -> first(clients));
            moved.put(clients, shelf);
            return shelf;
        }

        private Shelf changed(Shelf old, Clients clients) {
            var gone = new ArrayList<Resource>();
            var come = new ArrayList<Resource>();
            for (var host : compiled.getOrDefault(clients.perspective(), Set.of())) {
                var was = layer(before, clients, host);
                var is = layer(now, clients, host);
                if (was.equals(is)) continue; // the same object
                was.ifPresent(layer -> gone.addAll(layer.resourcesIn(clients.namespace(), clients.capability())));
                is.ifPresent(layer -> come.addAll(layer.resourcesIn(clients.namespace(), clients.capability())));
            }
            // Kept for the next of their kind, who begin with it.
            if (!isNobodys(clients) && clients.capability() != Capability.PROXYLESS) move(nobodys(clients));
            return shelving.move(old, gone, come);
        }

        /** From what clients of a namespace without services of its own hear; to those at home some listeners are others. */
        private Shelf first(Clients clients) {
            var capability = clients.capability();
            var layers = seen(now, clients).layers().values();
            if (isNobodys(clients) || capability == Capability.PROXYLESS) {
                return shelving.move(
                        Shelf.EMPTY,
                        List.of(),
                        layers.stream()
                                .flatMap(layer -> layer.resourcesIn(clients.namespace(), capability).stream())
                                .toList());
            }
            var gone = new ArrayList<Resource>();
            var come = new ArrayList<Resource>();
            layers.stream().filter(layer -> layer.isHome(clients.namespace())).forEach(layer -> {
                gone.addAll(layer.resourcesIn(NOBODYS, capability));
                come.addAll(layer.resourcesIn(clients.namespace(), capability));
            });
            return shelving.move(move(nobodys(clients)), gone, come);
        }

        Shelf name(String perspective) {
            var done = named.get(perspective);
            if (done != null) return done;
            var old = Optional.ofNullable(last.names.get(perspective))
                    .filter(_ -> before.seen().containsKey(perspective));
            var shelf = old.isPresent()
                    ? renamed(
                            old.get(),
                            layers(before, perspective),
                            layers(now, perspective),
                            compiled.getOrDefault(perspective, Set.of()))
                    : firstNames(perspective);
            named.put(perspective, shelf);
            return shelf;
        }

        /** From what most others see. */
        private Shelf firstNames(String perspective) {
            var own = layers(now, perspective);
            if (perspective.equals(Perspective.COMMON)) return renamed(Shelf.EMPTY, Map.of(), own, own.keySet());
            var common = layers(now, Perspective.COMMON);
            var hosts = new HashSet<>(common.keySet());
            hosts.addAll(own.keySet());
            return renamed(name(Perspective.COMMON), common, own, hosts);
        }

        private Shelf renamed(
                Shelf old,
                Map<String, DestinationLayer> were,
                Map<String, DestinationLayer> are,
                Collection<String> hosts) {
            var gone = new ArrayList<Resource>();
            var come = new ArrayList<Resource>();
            for (var host : hosts) {
                var was = Optional.ofNullable(were.get(host)).map(DestinationLayer::name);
                var is = Optional.ofNullable(are.get(host)).map(DestinationLayer::name);
                if (was.equals(is)) continue;
                was.ifPresent(gone::add);
                is.ifPresent(come::add);
            }
            return shelving.move(old, gone, come);
        }

        private static Map<String, DestinationLayer> layers(Sound sound, String perspective) {
            return Optional.ofNullable(sound.seen().get(perspective))
                    .orElse(Sound.NOBODY)
                    .layers();
        }

        private static boolean isNobodys(Clients clients) {
            return clients.namespace().equals(NOBODYS);
        }

        private static Clients nobodys(Clients clients) {
            return new Clients(clients.perspective(), NOBODYS, clients.capability());
        }

        private static Seen seen(Sound sound, Clients clients) {
            return Optional.ofNullable(sound.seen().get(clients.perspective())).orElse(Sound.NOBODY);
        }

        private static Optional<DestinationLayer> layer(Sound sound, Clients clients, String host) {
            return Optional.ofNullable(seen(sound, clients).layers().get(host));
        }
    }
}
