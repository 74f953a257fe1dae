package io.tulle.proxy.observe;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;

/** Istio's histogram buckets (Envoy's default ones), for milliseconds and for bytes alike, within a tally. */
final class Buckets {
    private static final double[] BOUNDS = {
        0.5,
        1,
        5,
        10,
        25,
        50,
        100,
        250,
        500,
        1000,
        2500,
        5000,
        10000,
        30000,
        60000,
        300000,
        600000,
        1800000,
        3600000,
        Double.POSITIVE_INFINITY
    };

    /** How many places of a tally one histogram takes: its buckets and its sum. */
    static final int PLACES = BOUNDS.length + 1;

    private Buckets() {}

    /**
     * @param first where the histogram begins in the tally
     * @param sum added to the sum, in units of the caller's choice
     */
    static void observe(Tally tally, int first, double value, long sum) {
        int bucket = 0;
        while (value > BOUNDS[bucket]) bucket++;
        tally.add(first + bucket, 1);
        tally.add(first + BOUNDS.length, sum);
    }

    static ClassicHistogramBuckets of(Tally tally, int first) {
        var counts = new long[BOUNDS.length];
        for (int i = 0; i < counts.length; i++) counts[i] = tally.read(first + i);
        return ClassicHistogramBuckets.of(BOUNDS, counts);
    }

    static long sum(Tally tally, int first) {
        return tally.read(first + BOUNDS.length);
    }
}
