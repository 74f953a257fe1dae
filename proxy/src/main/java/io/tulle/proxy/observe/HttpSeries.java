package io.tulle.proxy.observe;

import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.tulle.proxy.report.ExchangeReport;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What is counted of exchanges with the same labels, and where in a tally. */
final class HttpSeries {
    private static final int REQUESTS = 0;
    private static final int RETRIES = 1;
    private static final int REPLAYS = 2;
    private static final int DURATION = 3;
    private static final int REQUEST_BYTES = DURATION + Buckets.PLACES;
    private static final int RESPONSE_BYTES = REQUEST_BYTES + Buckets.PLACES;
    static final int PLACES = RESPONSE_BYTES + Buckets.PLACES;
    private static final double MILLI = 1_000_000;

    private HttpSeries() {}

    static void count(Tally tally, ExchangeReport report) {
        tally.add(REQUESTS, 1);
        if (report.attempts() > 1) tally.add(RETRIES, report.attempts() - 1);
        if (report.replays() > 0) tally.add(REPLAYS, report.replays());
        Buckets.observe(tally, DURATION, report.durationNanos() / MILLI, report.durationNanos());
        Buckets.observe(tally, REQUEST_BYTES, (double) report.requestBytes(), report.requestBytes());
        Buckets.observe(tally, RESPONSE_BYTES, (double) report.responseBytes(), report.responseBytes());
    }

    static List<MetricSnapshot> snapshots(Map<Labels, Tally> series) {
        return List.of(
                Metric.counter("istio_requests", "Requests that ended.", series, REQUESTS),
                Metric.counter("tulle_retries", "Attempts after the first.", nonZero(series, RETRIES), RETRIES),
                Metric.counter(
                        "tulle_replays",
                        "Attempts that repeated one which its endpoint may have seen.",
                        nonZero(series, REPLAYS),
                        REPLAYS),
                histogram("istio_request_duration_milliseconds", "From the head to the end.", series, DURATION, MILLI),
                histogram("istio_request_bytes", "Bodies as received.", series, REQUEST_BYTES, 1),
                histogram("istio_response_bytes", "Bodies as sent.", series, RESPONSE_BYTES, 1));
    }

    private static MetricSnapshot histogram(
            String name, String help, Map<Labels, Tally> series, int first, double unit) {
        ToDoubleFunction<Tally> sum = tally -> Buckets.sum(tally, first) / unit;
        return Metric.histogram(name, help, series, tally -> Buckets.of(tally, first), sum);
    }

    /** Most label sets never see one. */
    private static Map<Labels, Tally> nonZero(Map<Labels, Tally> series, int place) {
        var some = new java.util.LinkedHashMap<>(series);
        some.values().removeIf(tally -> tally.read(place) == 0);
        return some;
    }
}
