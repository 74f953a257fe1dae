package io.tulle.control.traffic;

import io.tulle.xds.registry.EdgeCounts;
import java.util.Collections;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an edge carried within a window, per second.
 *
 * @param opened opaque connections
 * @param durations requests per second by the upper bound of their bucket, in milliseconds
 */
public record Rate(double requests, double failed, double denied, double opened, SortedMap<Double, Double> durations) {
    public static final Rate NONE = new Rate(0, 0, 0, 0, Collections.emptySortedMap());

    public Rate {
        durations = Collections.unmodifiableSortedMap(new TreeMap<>(durations));
    }

    static Rate between(EdgeCounts before, EdgeCounts now, double seconds) {
        if (seconds <= 0) return NONE;
        var buckets = new TreeMap<Double, Double>();
        now.calls().durations().forEach((bound, count) -> {
            var more = count - before.calls().durations().getOrDefault(bound, 0L);
            if (more > 0) buckets.put(bound, more / seconds);
        });
        return new Rate(
                (now.calls().requests() - before.calls().requests()) / seconds,
                (now.calls().failed() - before.calls().failed()) / seconds,
                (now.calls().denied() - before.calls().denied()) / seconds,
                (now.opened() - before.opened()) / seconds,
                buckets);
    }

    public Rate plus(Rate other) {
        var sum = new TreeMap<>(durations);
        other.durations.forEach((bound, rate) -> sum.merge(bound, rate, Double::sum));
        return new Rate(
                requests + other.requests, failed + other.failed, denied + other.denied, opened + other.opened, sum);
    }

    /** The same with the denials that the other end knows of, where those are more. */
    public Rate denying(double other) {
        return new Rate(requests, failed, Math.max(denied, other), opened, durations);
    }

    /**
     * How many milliseconds this share of the requests took at most: linear within a bucket, as Prometheus'
     * {@code histogram_quantile} has it; the last bound where it lies beyond. Empty where there were none.
     */
    public OptionalDouble quantile(double share) {
        var all = durations.values().stream().mapToDouble(Double::doubleValue).sum();
        if (all <= 0) return OptionalDouble.empty();
        var wanted = share * all;
        double below = 0;
        double lower = 0;
        for (var bucket : durations.entrySet()) {
            var bound = bucket.getKey();
            var here = bucket.getValue();
            if (below + here >= wanted) {
                return OptionalDouble.of(
                        Double.isInfinite(bound) ? lower : lower + (bound - lower) * (wanted - below) / here);
            }
            below += here;
            lower = bound;
        }
        return OptionalDouble.of(lower);
    }
}
