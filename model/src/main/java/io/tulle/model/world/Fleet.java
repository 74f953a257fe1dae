package io.tulle.model.world;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Who is running now, by instance id. Changes far more often than the {@link World} and makes no revision. */
public record Fleet(long version, SortedMap<String, Instance> instances) {
    public static final Fleet EMPTY = new Fleet(0, Collections.emptySortedMap());

    public Fleet {
        instances = Collections.unmodifiableSortedMap(new TreeMap<>(instances));
    }

    public static Fleet of(long version, Collection<Instance> all) {
        var byId = new TreeMap<String, Instance>();
        all.forEach(instance -> byId.put(instance.id(), instance));
        return new Fleet(version, byId);
    }
}
