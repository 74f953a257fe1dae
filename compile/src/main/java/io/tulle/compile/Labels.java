package io.tulle.compile;

import io.tulle.model.world.Instance;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The labels by which policies select an instance. */
public final class Labels {
    private Labels() {}

    /** Its own, and {@code app}, which is the service's name unless said: what most Istio configuration selects by. */
    public static SortedMap<String, String> of(Instance instance) {
        var labels = new TreeMap<>(instance.labels());
        labels.putIfAbsent("app", instance.service().name());
        return Collections.unmodifiableSortedMap(labels);
    }

    /** Those of them that its credential covers. Only by these a Service may take it as one of its own. */
    public static SortedMap<String, String> proven(Instance instance) {
        if (instance.unproven().isEmpty()) return of(instance);
        var labels = new TreeMap<>(of(instance));
        labels.keySet().removeAll(instance.unproven());
        return Collections.unmodifiableSortedMap(labels);
    }
}
