package io.tulle.control.push;

import io.tulle.control.store.Effect;
import io.tulle.control.store.History;
import io.tulle.control.store.Position;
import io.tulle.control.store.Query;
import io.tulle.control.store.ResourceKey;
import io.tulle.control.store.ResourceStore;
import io.tulle.dialects.WorldFold;
import io.tulle.dialects.WorldReading;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.world.MeshSettings;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the store holds, read: each resource is parsed and decoded once when it is written, and kept as long as it is declared like
 * that. A later moment takes from the store only the steps that led to it. Thread-safe.
 */
public final class Declared {
    private static final int STEPS = 1_000; // of the store's history at a time

    private final ResourceStore store;
    private Moment moment;
    private long seen; // the store's version up to which the moment is told

    Declared(ResourceStore store, MeshSettings settings) {
        this.store = store;
        this.moment = new Moment(Map.of(), WorldFold.nothing(settings));
    }

    /**
     * All that is declared at one revision. The next moment shares every resource that does not change.
     *
     * @param resources those whose kind is known, by key
     */
    public record Moment(Map<ResourceKey, Resource> resources, WorldFold fold) {
        public WorldReading reading() {
            return fold.reading();
        }
    }

    /** What is declared now; costs what changed since it was asked last. Blocks for the disk. */
    public synchronized Moment now() {
        var all = new TreeMap<>(moment.resources());
        var version = seen;
        Position at;
        do {
            at = store.position();
            while (version < at.version()) version = follow(version, all);
        } while (version != at.version()); // it moved on meanwhile
        if (at.revision() != moment.reading().world().revision()) {
            moment = new Moment(Collections.unmodifiableMap(all), moment.fold().then(at.revision(), all.values()));
        }
        seen = version;
        return moment;
    }

    /** @return the version that it has come to */
    private long follow(long version, Map<ResourceKey, Resource> all) {
        return switch (store.after(version, STEPS)) {
            case History.Steps(var effects, var upTo) -> {
                effects.forEach(effect -> take(effect, all));
                yield upTo;
            }
            case History.Gone _, History.Ahead _ -> {
                var found = store.list(Query.everything());
                all.clear();
                all.putAll(StoredResources.byKey(found.resources()));
                yield found.at().version();
            }
        };
    }

    /** A status is none of a resource's words: what is declared stays the object that it was. */
    private static void take(Effect effect, Map<ResourceKey, Resource> all) {
        var resource = effect.resource();
        switch (effect) {
            case Effect.Deleted _ -> all.remove(resource.key());
            case Effect.Unchanged _ -> {}
            case Effect.Changed changed when !changed.declared() -> {}
            case Effect.Changed _, Effect.Created _ ->
                StoredResources.of(resource)
                        .ifPresentOrElse(read -> all.put(resource.key(), read), () -> all.remove(resource.key()));
        }
    }
}
