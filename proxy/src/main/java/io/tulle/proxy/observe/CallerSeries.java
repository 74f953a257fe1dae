package io.tulle.proxy.observe;

import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Map;

/** What is counted of callers' connections, whatever they speak, and where in a tally. */
final class CallerSeries {
    private static final int ACCEPTED = 0;
    private static final int ENDED = 1;
    static final int PLACES = 2;

    private CallerSeries() {}

    static void accepted(Tally tally) {
        tally.add(ACCEPTED, 1);
    }

    static void ended(Tally tally) {
        tally.add(ENDED, 1);
    }

    static List<MetricSnapshot> snapshots(Map<Labels, Tally> series) {
        return List.of(
                Metric.counter("tulle_connections_accepted", "Callers' connections let in.", series, ACCEPTED),
                Metric.counter("tulle_connections_ended", "Callers' connections over.", series, ENDED));
    }
}
