package io.tulle.proxy.observe;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many distinct label sets a sidecar may show: peers and endpoints choose some of them, and a scrape must stay
 * small. What comes when it is spent is counted under {@code other}, so that totals stay exact.
 */
final class Budget {
    private final Set<Labels> admitted = ConcurrentHashMap.newKeySet();
    private final AtomicInteger left;

    Budget(int series) {
        this.left = new AtomicInteger(series);
    }

    /** The labels to count under. Asked once per loop and label set, not once per request. */
    Labels admit(Labels labels) {
        if (admitted.contains(labels)) return labels;
        if (left.getAndUpdate(n -> Math.max(0, n - 1)) == 0) return IstioLabels.other(labels);
        if (!admitted.add(labels)) left.incrementAndGet(); // another loop was first
        return labels;
    }
}
