package io.tulle.model.world;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The clients that a rule is for (Istio's {@code sourceNamespace} and {@code sourceLabels}). Who else calls never hears of the
 * rule: the control plane tells it to these sidecars alone.
 *
 * @param namespace of the client; empty for any
 * @param labels that the client's workload carries
 */
public record SourceMatch(Optional<String> namespace, SortedMap<String, String> labels) {
    /** Every client. */
    public static final SourceMatch ANY = new SourceMatch(Optional.empty(), Collections.emptySortedMap());

    public SourceMatch {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    public boolean isAny() {
        return namespace.isEmpty() && labels.isEmpty();
    }

    /** Whether a workload with these labels is meant, whatever its namespace. */
    public boolean selects(Map<String, String> carried) {
        return carried.entrySet().containsAll(labels.entrySet());
    }
}
