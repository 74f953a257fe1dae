package io.tulle.proxy.observe;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Tallies in Prometheus' own model; counters are named without {@code _total}, which the formats add. */
final class Metric {
    private Metric() {}

    static MetricSnapshot counter(String name, String help, Map<Labels, Tally> series, int place) {
        var points = new ArrayList<CounterDataPointSnapshot>(series.size());
        series.forEach((labels, tally) -> points.add(point(labels, (double) tally.read(place))));
        return new CounterSnapshot(new MetricMetadata(name, help), points);
    }

    static CounterDataPointSnapshot point(Labels labels, double value) {
        return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    static MetricSnapshot histogram(
            String name,
            String help,
            Map<Labels, Tally> series,
            Function<Tally, ClassicHistogramBuckets> buckets,
            ToDoubleFunction<Tally> sum) {
        var points = new ArrayList<HistogramDataPointSnapshot>(series.size());
        series.forEach((labels, tally) -> points.add(new HistogramDataPointSnapshot(
                buckets.apply(tally), sum.applyAsDouble(tally), labels, Exemplars.EMPTY, 0L)));
        return new HistogramSnapshot(new MetricMetadata(name, help), points);
    }
}
