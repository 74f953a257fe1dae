package io.tulle.proxy;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.tulle.model.SpiffeId;
import io.tulle.proxy.admin.Admin;
import io.tulle.proxy.observe.Acquaintances;
import io.tulle.proxy.observe.Exposition;
import io.tulle.proxy.observe.Metrics;
import io.tulle.proxy.observe.SelfLabels;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawSocket;
import io.tulle.xds.spec.PeerSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.Spec;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Istio's metrics of two sidecars, as scrapes show them. */
@ExtendWith(NoLeaks.class)
class MetricsTest {
    private static final Spec[] PEERS = {
        new PeerSpec("web-1", "web", "shop", "web", "v1", "web"),
        new PeerSpec("cart-1", "cart-v2", "shop", "cart", "v2", "cart")
    };

    private final Fleet fleet = new Fleet(2);
    private final Metrics cartMetrics = fleet.watchNext(new Metrics(self("cart-v2", "cart", "v2", Pair.CART)));
    private final Metrics webMetrics = fleet.watchNext(new Metrics(self("web", "web", "v1", Pair.WEB)));
    private Origin application;
    private Pair pair;

    private static SelfLabels self(String workload, String app, String version, SpiffeId id) {
        return new SelfLabels(
                workload, "shop", app, version, app + ".shop.tulle", "tulle", app + "-1", Optional.of(id));
    }

    @BeforeEach
    void begin() throws IOException {
        application = Origin.start((request, connection) ->
                connection.answer(Integer.parseInt(request.target().substring(1)), "it is " + request.target()));
        pair = new Pair(fleet, application.port());
        cartMetrics.follow(pair.cart.plan());
        webMetrics.follow(pair.web.plan());
    }

    @AfterEach
    void end() throws IOException {
        fleet.close();
        application.close();
    }

    private void knowPeers() {
        Fleet.apply(pair.cart, with(pair.cartSpecs(application.port(), List.of())));
        Fleet.apply(pair.web, with(pair.webSpecs(List.of(Pair.CART), RouteSpec.toCluster("all", "outbound"))));
    }

    private static Spec[] with(Spec... specs) {
        return Stream.concat(Arrays.stream(specs), Arrays.stream(PEERS)).toArray(Spec[]::new);
    }

    private void call(int status, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            try (var client = pair.call()) {
                var answer = client.send("GET /" + status + " HTTP/1.1\r\nHost: cart:4000\r\n\r\n")
                        .response();
                assertEquals(status, answer.status());
            }
            fleet.nextReport();
            fleet.nextReport();
        }
    }

    private static Map<Labels, Double> requests(Metrics metrics) {
        return metrics.snapshots().stream()
                .filter(snapshot -> snapshot.getMetadata().getName().equals("istio_requests"))
                .flatMap(snapshot -> ((CounterSnapshot) snapshot).getDataPoints().stream())
                .collect(toMap(point -> point.getLabels(), point -> point.getValue()));
    }

    private static double count(Metrics metrics, String reporter, String code) {
        return requests(metrics).entrySet().stream()
                .filter(series -> reporter.equals(series.getKey().get("reporter")))
                .filter(series -> code.equals(series.getKey().get("response_code")))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    @Test
    void countsBetweenTwoScrapesWhatTheClientSaw() throws Exception {
        knowPeers();
        call(200, 3);
        var source = count(webMetrics, "source", "200");
        var destination = count(cartMetrics, "destination", "200");
        call(200, 7);
        call(404, 4);
        assertEquals(7, count(webMetrics, "source", "200") - source);
        assertEquals(7, count(cartMetrics, "destination", "200") - destination);
        assertEquals(4, count(webMetrics, "source", "404"));
        assertEquals(4, count(cartMetrics, "destination", "404"));
    }

    @Test
    void labelsBothEndsAsIstioDoes() throws Exception {
        knowPeers();
        call(200, 1);
        var shared =
                "destination_app=\"cart\",destination_canonical_revision=\"v2\",destination_canonical_service=\"cart\","
                        + "destination_cluster=\"tulle\",destination_principal=\"spiffe://tulle/ns/shop/sa/cart\","
                        + "destination_service=\"cart.shop.tulle\",destination_service_name=\"cart\","
                        + "destination_service_namespace=\"shop\",destination_version=\"v2\",destination_workload=\"cart-v2\","
                        + "destination_workload_namespace=\"shop\",grpc_response_status=\"\",";
        var from = "source_app=\"web\",source_canonical_revision=\"v1\",source_canonical_service=\"web\","
                + "source_cluster=\"tulle\",source_principal=\"spiffe://tulle/ns/shop/sa/web\",source_version=\"v1\","
                + "source_workload=\"web\",source_workload_namespace=\"shop\"} 1.0\n";
        assertContains(
                text(webMetrics),
                "istio_requests_total{connection_security_policy=\"unknown\"," + shared
                        + "reporter=\"source\",request_protocol=\"http\",response_code=\"200\",response_flags=\"-\","
                        + from);
        assertContains(
                text(cartMetrics),
                "istio_requests_total{connection_security_policy=\"mutual_tls\"," + shared
                        + "reporter=\"destination\",request_protocol=\"http\",response_code=\"200\",response_flags=\"-\","
                        + from);
    }

    @Test
    void knowsOfAPeerWhatItProvedUntilTheMeshTellsMore() throws Exception {
        call(200, 1);
        var before = requests(cartMetrics).keySet().iterator().next();
        assertEquals("unknown", before.get("source_workload"));
        assertEquals("unknown", before.get("source_version"));
        assertEquals("spiffe://tulle/ns/shop/sa/web", before.get("source_principal"));
        assertEquals("shop", before.get("source_workload_namespace"));
        knowPeers();
        call(200, 1);
        assertTrue(requests(cartMetrics).keySet().stream()
                .anyMatch(labels -> "web".equals(labels.get("source_workload"))));
    }

    private final List<String> asked = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final AtomicLong now = new AtomicLong();

    private Acquaintances acquaintances() {
        return Acquaintances.of(
                new Acquaintances.Desk() {
                    @Override
                    public void ask(String instance) {
                        asked.add(instance);
                    }

                    @Override
                    public void forget(String instance) {
                        asked.remove(instance);
                    }
                },
                now::get);
    }

    @Test
    void aPeerIsAskedForOnceAndShownUnderItsNameFromItsFirstRequestOn() throws Exception {
        cartMetrics.follow(pair.cart.plan(), acquaintances());
        call(200, 2);
        assertEquals(Map.of(), requests(cartMetrics), "its name is awaited");
        assertEquals(List.of("web-1"), asked);
        knowPeers();
        call(200, 1);
        var shown = requests(cartMetrics);
        assertEquals(1, shown.size(), shown::toString);
        var labels = shown.keySet().iterator().next();
        assertEquals("web", labels.get("source_canonical_service"));
        assertEquals("v1", labels.get("source_version"));
        assertEquals("spiffe://tulle/ns/shop/sa/web", labels.get("source_principal"));
        assertEquals(3, shown.get(labels));

        Fleet.apply(pair.cart, pair.cartSpecs(application.port(), List.of()));
        assertEquals(List.of(), asked, "it has gone, and nobody wants to know it any more");
        assertEquals(shown, requests(cartMetrics));
    }

    @Test
    void whatNobodyTellsIsUnknownAfterAWhileAndStaysSo() throws Exception {
        cartMetrics.follow(pair.cart.plan(), acquaintances());
        call(200, 1);
        now.addAndGet(Acquaintances.PATIENCE.toNanos());
        assertEquals(1, count(cartMetrics, "destination", "200"));
        knowPeers();
        assertEquals("unknown", requests(cartMetrics).keySet().iterator().next().get("source_workload"));
    }

    @Test
    void countsCallersConnectionsWhateverTheySpeak() throws Exception {
        call(200, 2);
        assertContains(
                text(webMetrics),
                "tulle_connections_accepted_total{destination_service=\"outbound\",destination_service_name=\"outbound\",reporter=\"source\",request_protocol=\"http\"} 2.0\n");
    }

    @Test
    void measuresDurationsAndBodiesInIstiosBuckets() throws Exception {
        call(200, 2);
        var bytes = webMetrics.snapshots().stream()
                .filter(snapshot -> snapshot.getMetadata().getName().equals("istio_response_bytes"))
                .map(HistogramSnapshot.class::cast)
                .findFirst()
                .orElseThrow()
                .getDataPoints()
                .getFirst();
        assertEquals(2, bytes.getCount());
        assertEquals(2 * "it is /200".length(), bytes.getSum());
        assertEquals(20, bytes.getClassicBuckets().size());
        assertContains(text(webMetrics), "istio_request_duration_milliseconds_bucket{");
        assertContains(text(webMetrics), "le=\"3600000.0\"} 2\n");
    }

    @Test
    void speaksOpenMetricsToThoseWhoAskForIt() throws Exception {
        call(200, 1);
        var asked = Exposition.of(webMetrics.snapshots(), "application/openmetrics-text; version=1.0.0");
        assertTrue(asked.type().startsWith("application/openmetrics-text; version=1.0.0"), asked.type());
        assertTrue(asked.text().endsWith("# EOF\n"));
        assertTrue(Exposition.of(webMetrics.snapshots(), "*/*").type().startsWith("text/plain; version=0.0.4"));
    }

    @Test
    void showsThemAtEnvoysPath() throws Exception {
        call(200, 1);
        var views = Admin.Views.of(pair.web.plan(), () -> true, _ -> false, webMetrics);
        try (var admin = Admin.start(0, views);
                var client = RawSocket.to(admin.address())) {
            var answer = client.send("GET /stats/prometheus HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .response();
            assertEquals(200, answer.status());
            assertContains(answer.body(), "# TYPE istio_requests_total counter\n");
        }
    }

    private static String text(Metrics metrics) {
        return Exposition.of(metrics.snapshots(), "").text();
    }

    private static void assertContains(String text, String part) {
        assertTrue(text.contains(part), () -> "no " + part + " in\n" + text);
    }
}
