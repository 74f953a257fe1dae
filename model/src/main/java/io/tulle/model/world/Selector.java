package io.tulle.model.world;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Labels that a workload must carry, all of them; none selects every workload of the namespace. */
public record Selector(SortedMap<String, String> labels) {
    public static final Selector ALL = new Selector(Collections.emptySortedMap());

    public Selector {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    public boolean selects(Map<String, String> of) {
        return of.entrySet().containsAll(labels.entrySet());
    }

    public boolean isEmpty() {
        return labels.isEmpty();
    }
}
