package io.tulle.proxy.observe;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.HashSet;
import java.util.Set;

/**
 * How many distinct label sets a sidecar may show: peers and endpoints choose some of them, and a scrape must stay
 * small. What comes when it is spent is counted under {@code other}, so that totals stay exact.
 */
final class Budget {
    private final Set<Labels> admitted = new HashSet<>();
    private final int series;

    Budget(int series) {
        this.series = series;
    }

    /** The labels to count under. Asked once per loop and label set, not once per request. From any thread. */
    synchronized Labels admit(Labels labels) {
        if (admitted.contains(labels)) return labels;
        if (admitted.size() >= series) return IstioLabels.other(labels);
        admitted.add(labels);
        return labels;
    }
}
