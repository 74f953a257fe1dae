package io.tulle.xds.stream;

import io.tulle.xds.codec.Codec;
import io.tulle.xds.codec.Resource;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Serialises each spec once, whoever hears it; forgets it when nobody does. */
final class SharedResources {
    private final Map<Spec, Resource> encoded = new ConcurrentHashMap<>();
    private final Map<Spec, Integer> uses = new HashMap<>();

    /** Counts one more listener of all that the snapshot holds. */
    Bundle take(Snapshot snapshot) {
        var all = snapshot.specs().values().stream()
                .flatMap(byName -> byName.values().stream())
                .toList();
        var bundle = Bundle.of(all.stream()
                .map(spec -> encoded.computeIfAbsent(spec, Codec::encode))
                .toList());
        synchronized (uses) {
            for (var spec : all) {
                uses.merge(spec, 1, Integer::sum);
                // another listener may have been the last one, and left, meanwhile
                encoded.putIfAbsent(spec, bundle.of(spec.type()).get(spec.name()));
            }
        }
        return bundle;
    }

    void release(Snapshot snapshot) {
        synchronized (uses) {
            for (var byName : snapshot.specs().values()) {
                for (var spec : byName.values()) {
                    if (uses.computeIfPresent(spec, (_, count) -> count == 1 ? null : count - 1) == null) {
                        encoded.remove(spec);
                    }
                }
            }
        }
    }

    int size() {
        return encoded.size();
    }
}
