package io.tulle.proxy.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.tulle.xds.registry.EdgeCounts;
import io.tulle.xds.registry.EdgeCounts.Calls;
import io.tulle.xds.registry.EdgeCounts.Edge;
import io.tulle.xds.registry.EdgeCounts.End;
import io.tulle.xds.registry.TrafficReport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EdgeSummaryTest {
    private static final String WEB = "spiffe://tulle/ns/shop/sa/web";

    @Test
    void tellsOneLineAnEdgeWithWhatFailed() {
        var metrics = new Metrics(SelfLabels.UNKNOWN);
        metrics.ended(Reports.exchange("web", 200, 1));
        metrics.ended(Reports.exchange("web", 404, 1));
        metrics.ended(Reports.exchange("web", 503, 3));
        metrics.opened(Reports.connection("ledger", 0, 0));
        metrics.opened(Reports.connection("ledger", 0, 0));
        metrics.closed(Reports.connection("ledger", 10, 20));
        var web = new EdgeCounts(
                new Edge(End.CALLED, WEB, "http", true), new Calls(3, 1, 0, new TreeMap<>(Map.of(1.0, 3L))), 0, 0);
        var ledger =
                new EdgeCounts(new Edge(End.CALLED, "spiffe://tulle/ns/shop/sa/ledger", "tcp", true), Calls.NONE, 2, 1);
        assertEquals(new TrafficReport(List.of(web, ledger), 0), EdgeSummary.of(metrics.snapshots()));
    }

    @Test
    void tellsADenialApartFromAFailureAndAGoneCallerFromBoth() {
        var report = EdgeSummary.of(requests(
                called("403", "", "UAEX", 5),
                called("403", "", "-", 7),
                called("200", "7", "UAEX", 11),
                called("200", "14", "-", 13),
                called("200", "5", "-", 17),
                called("0", "", "DC", 19),
                called("0", "", "UC", 23),
                called("504", "", "UT,URX", 29)));
        assertEquals(
                new Calls(124, 13 + 23 + 29, 5 + 11, new TreeMap<>()),
                report.edges().getFirst().calls());
    }

    @Test
    void aGrpcErrorOfTheMeshIsAFailureWhateverItIsCalled() {
        var report = EdgeSummary.of(requests(
                called("200", "10", "FI", 5),
                called("200", "8", "UO", 7),
                called("200", "0", "-", 11),
                called("200", "10", "-", 13),
                called("200", "7", "UAEX", 17)));
        assertEquals(
                new Calls(53, 12, 17, new TreeMap<>()),
                report.edges().getFirst().calls());
    }

    @Test
    void namesTheServiceThatItCallsAndWhetherItsIdentityWasProved() {
        var report = EdgeSummary.of(requests(
                calling("cart.shop.tulle", "spiffe://tulle/ns/shop/sa/cart", 2), calling("example.com", "unknown", 1)));
        assertEquals(
                List.of(
                        new Edge(End.CALLING, "cart.shop.tulle", "http", true),
                        new Edge(End.CALLING, "example.com", "http", false)),
                report.edges().stream().map(EdgeCounts::edge).toList());
    }

    @Test
    void namesNobodyWhereTheCallerIsOutsideTheMesh() {
        var labels = Labels.of("reporter", "destination", "source_principal", "unknown", "request_protocol", "http");
        var edge = EdgeSummary.of(requests(point(labels, 1))).edges().getFirst().edge();
        assertEquals(new Edge(End.CALLED, "", "http", false), edge);
    }

    @Test
    void tellsTheBusiestWhereThereAreTooMany() {
        var points = IntStream.range(0, EdgeSummary.MOST + 5).mapToObj(i -> calling("s" + i, "unknown", i));
        var report = EdgeSummary.of(requests(points.toArray(CounterDataPointSnapshot[]::new)));
        assertEquals(5, report.omitted());
        assertEquals(EdgeSummary.MOST, report.edges().size());
        assertEquals(
                "s" + (EdgeSummary.MOST + 4), report.edges().getFirst().edge().other());
    }

    private static CounterDataPointSnapshot called(String code, String grpc, String flags, long n) {
        return point(
                Labels.of(
                        "reporter", "destination",
                        "source_principal", WEB,
                        "request_protocol", "http",
                        "response_code", code,
                        "grpc_response_status", grpc,
                        "response_flags", flags,
                        "connection_security_policy", "mutual_tls"),
                n);
    }

    private static CounterDataPointSnapshot calling(String host, String principal, long n) {
        return point(
                Labels.of(
                        "reporter", "source",
                        "destination_service", host,
                        "destination_principal", principal,
                        "request_protocol", "http",
                        "response_code", "200"),
                n);
    }

    private static CounterDataPointSnapshot point(Labels labels, long n) {
        return Metric.point(labels, (double) n);
    }

    private static MetricSnapshots requests(CounterDataPointSnapshot... points) {
        var metadata = new MetricMetadata("istio_requests", "Requests that ended.");
        return new MetricSnapshots(
                List.of(new CounterSnapshot(metadata, Stream.of(points).toList())));
    }
}
