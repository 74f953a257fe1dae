package io.tulle.model.world;

import io.tulle.model.ServiceName;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who is running now, by instance id. Changes far more often than the {@link World} and makes no revision.
 *
 * @param departed services whose last instance went, and the ports they had: their callers hear that nothing is up, not that there is
 *     no such name
 */
public record Fleet(
        long version, SortedMap<String, Instance> instances, SortedMap<ServiceName, List<ServicePort>> departed) {
    public static final Fleet EMPTY = new Fleet(0, Collections.emptySortedMap(), Collections.emptySortedMap());

    public Fleet {
        departed = Collections.unmodifiableSortedMap(new TreeMap<>(departed));
        instances = Collections.unmodifiableSortedMap(new TreeMap<>(instances));
    }

    public static Fleet of(long version, Collection<Instance> all) {
        return of(version, all, Map.of());
    }

    public static Fleet of(
            long version, Collection<Instance> all, Map<ServiceName, ? extends List<ServicePort>> departed) {
        var byId = new TreeMap<String, Instance>();
        all.forEach(instance -> byId.put(instance.id(), instance));
        return new Fleet(version, byId, new TreeMap<>(departed));
    }
}
