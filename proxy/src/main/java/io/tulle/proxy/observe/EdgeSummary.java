package io.tulle.proxy.observe;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.tulle.proxy.message.Flag;
import io.tulle.xds.registry.EdgeCounts;
import io.tulle.xds.registry.EdgeCounts.Calls;
import io.tulle.xds.registry.EdgeCounts.Edge;
import io.tulle.xds.registry.EdgeCounts.End;
import io.tulle.xds.registry.TrafficReport;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A sidecar's metrics folded to one line an edge, small enough to go along with every heartbeat. It reads what a scrape
 * would read, so that both always tell the same.
 */
public final class EdgeSummary {
    /** How many edges are told; the busiest ones, where there are more. */
    public static final int MOST = 200;

    /** gRPC's statuses that speak of the callee (OpenTelemetry's rule for servers), not of what was asked. */
    private static final Set<String> GRPC_FAILURES = Set.of("2", "4", "12", "13", "14", "15");

    private final Map<Edge, Sums> sums = new HashMap<>();

    private EdgeSummary() {}

    private static final class Sums {
        private long requests;
        private long failed;
        private long denied;
        private long opened;
        private long closed;
        private final TreeMap<Double, Long> durations = new TreeMap<>();
    }

    public static TrafficReport of(MetricSnapshots snapshots) {
        var summary = new EdgeSummary();
        for (var snapshot : snapshots) {
            switch (snapshot) {
                case CounterSnapshot counter -> summary.count(counter);
                case HistogramSnapshot histogram -> summary.durations(histogram);
                default -> {} // of no interest here
            }
        }
        return summary.report();
    }

    private void count(CounterSnapshot counter) {
        for (var point : counter.getDataPoints()) {
            var labels = point.getLabels();
            var n = (long) point.getValue();
            switch (counter.getMetadata().getName()) {
                case "istio_requests" -> requests(labels, n);
                case "istio_tcp_connections_opened" -> at(labels).opened += n;
                case "istio_tcp_connections_closed" -> at(labels).closed += n;
                default -> {} // no number of an edge
            }
        }
    }

    private void requests(Labels labels, long n) {
        var sum = at(labels);
        sum.requests += n;
        if (isDenied(labels)) sum.denied += n;
        else if (isFailed(labels)) sum.failed += n;
    }

    private void durations(HistogramSnapshot histogram) {
        if (!histogram.getMetadata().getName().equals("istio_request_duration_milliseconds")) return;
        for (var point : histogram.getDataPoints()) {
            var sum = at(point.getLabels());
            for (var bucket : point.getClassicBuckets()) {
                if (bucket.getCount() > 0) sum.durations.merge(bucket.getUpperBound(), bucket.getCount(), Long::sum);
            }
        }
    }

    private static boolean isDenied(Labels labels) {
        return text(labels, "response_flags").contains(Flag.UAEX.written());
    }

    private static boolean isFailed(Labels labels) {
        var grpc = text(labels, "grpc_response_status");
        if (GRPC_FAILURES.contains(grpc)) return true;
        // What the mesh itself answers with an error is a failure, whatever it is called.
        if (!grpc.isEmpty() && !grpc.equals("0") && isOfTheMesh(text(labels, "response_flags"))) return true;
        var code = text(labels, "response_code");
        if (code.equals("0"))
            return !text(labels, "response_flags").contains(Flag.DC.written()); // nobody waited for an answer
        return code.length() == 3 && code.startsWith("5");
    }

    private static boolean isOfTheMesh(String flags) {
        return !flags.isEmpty() && !flags.equals(Flag.NONE.written()) && !flags.equals(Flag.DC.written());
    }

    private Sums at(Labels labels) {
        return sums.computeIfAbsent(edge(labels), _ -> new Sums());
    }

    private static Edge edge(Labels labels) {
        var protocol = text(labels, "request_protocol");
        if (text(labels, "reporter").equals("source")) {
            var proved = !text(labels, "destination_principal").equals(Party.MISSING);
            return new Edge(End.CALLING, text(labels, "destination_service"), protocol, proved);
        }
        var caller = text(labels, "source_principal");
        var mutual = text(labels, "connection_security_policy").equals("mutual_tls");
        return new Edge(End.CALLED, caller.equals(Party.MISSING) ? "" : caller, protocol, mutual);
    }

    private static String text(Labels labels, String name) {
        var value = labels.get(name);
        return value == null ? "" : value;
    }

    private TrafficReport report() {
        var busiest = Comparator.<EdgeCounts>comparingLong(each -> each.calls().requests() + each.opened())
                .reversed()
                .thenComparing(each -> each.edge().toString());
        List<EdgeCounts> all = sums.entrySet().stream()
                .map(entry -> counts(entry.getKey(), entry.getValue()))
                .sorted(busiest)
                .toList();
        var told = all.subList(0, Math.min(MOST, all.size()));
        return new TrafficReport(told, all.size() - told.size());
    }

    private static EdgeCounts counts(Edge edge, Sums sum) {
        var calls = new Calls(sum.requests, sum.failed, sum.denied, sum.durations);
        return new EdgeCounts(edge, calls, sum.opened, sum.closed);
    }
}
