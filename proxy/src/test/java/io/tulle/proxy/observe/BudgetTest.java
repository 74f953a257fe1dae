package io.tulle.proxy.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.tulle.proxy.plan.Addresses;
import io.tulle.proxy.report.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static List<CounterDataPointSnapshot> points(Metrics metrics, String name) {
        return metrics.snapshots().stream()
                .filter(snapshot -> snapshot.getMetadata().getName().equals(name))
                .flatMap(snapshot -> ((CounterSnapshot) snapshot).getDataPoints().stream())
                .toList();
    }

    private static double sum(List<CounterDataPointSnapshot> points) {
        return points.stream().mapToDouble(CounterDataPointSnapshot::getValue).sum();
    }

    @Test
    void countsWhatIsOverBudgetAsOtherWithTotalsExact() {
        var metrics = new Metrics(SelfLabels.UNKNOWN, 3);
        for (int i = 0; i < 100; i++) metrics.ended(Reports.exchange("caller-" + i, 200, 1));
        var series = points(metrics, "istio_requests");
        assertEquals(4, series.size());
        assertEquals(100, sum(series));
        var other = series.stream()
                .filter(point -> "other".equals(point.getLabels().get("source_principal")))
                .findFirst()
                .orElseThrow();
        assertEquals(97, other.getValue());
        assertEquals("destination", other.getLabels().get("reporter"));
    }

    @Test
    void addsUpWhatSeveralLoopsCounted() throws InterruptedException {
        var metrics = new Metrics(SelfLabels.UNKNOWN, 1);
        var loops = List.of(counting(metrics), counting(metrics), counting(metrics));
        for (var loop : loops) loop.join();
        var series = points(metrics, "istio_requests");
        assertEquals(1, series.size());
        assertEquals(30_000, sum(series));
    }

    private static Thread counting(Metrics metrics) {
        var report = Reports.exchange("web", 200, 1);
        return Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 10_000; i++) metrics.ended(report);
        });
    }

    @Test
    void countsAttemptsAfterTheFirstAsRetries() {
        var metrics = new Metrics(SelfLabels.UNKNOWN);
        metrics.ended(Reports.exchange("web", 200, 1));
        metrics.ended(Reports.exchange("web", 503, 3));
        metrics.ended(Reports.exchange("web", 503, 2));
        assertEquals(3, sum(points(metrics, "tulle_retries")));
    }

    @Test
    void countsOpaqueConnectionsAndTheirBytes() {
        var metrics = new Metrics(SelfLabels.UNKNOWN);
        metrics.opened(Reports.connection("web", 0, 0));
        metrics.opened(Reports.connection("web", 0, 0));
        metrics.closed(Reports.connection("web", 11, 22));
        assertEquals(2, sum(points(metrics, "istio_tcp_connections_opened")));
        assertEquals(1, sum(points(metrics, "istio_tcp_connections_closed")));
        assertEquals(22, sum(points(metrics, "istio_tcp_sent_bytes")));
        assertEquals(11, sum(points(metrics, "istio_tcp_received_bytes")));
        var labels = points(metrics, "istio_tcp_sent_bytes").getFirst().getLabels();
        assertEquals("tcp", labels.get("request_protocol"));
        assertTrue(!labels.contains("response_code"));
    }

    @Test
    void countsRefusedConnectionsByTheirCode() {
        var metrics = new Metrics(SelfLabels.UNKNOWN);
        metrics.refused(Addresses.loopback(1), Refusal.HANDSHAKE, "bad");
        var point = points(metrics, "tulle_connections_refused").getFirst();
        assertEquals("TUL1702", point.getLabels().get("code"));
    }
}
