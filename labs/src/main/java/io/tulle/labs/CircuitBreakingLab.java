package io.tulle.labs;

import io.tulle.labs.load.Ask;
import io.tulle.labs.load.Connections;
import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.Unmet;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** A replica that fails is left out for a while; and over a limit of connections one is refused at once, not queued. */
final class CircuitBreakingLab implements Lab {
    private static final int LIMIT = 10;
    private static final int ASKED = 16;
    private static final String COUNTED = "GET /flaky";
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final String POLICY = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: { name: catalog }
            spec:
              host: catalog
              trafficPolicy:
                outlierDetection:
                  consecutive5xxErrors: 5
                  interval: 1s
                  baseEjectionTime: 3s
                  maxEjectionPercent: 100
              subsets:
                - { name: v1, labels: { version: v1 } }
                - { name: v2, labels: { version: v2 } }
                - name: tight
                  labels: { version: v1 }
                  trafficPolicy: { connectionPool: { tcp: { maxConnections: %d } } }
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: { name: catalog }
            spec:
              hosts: [ catalog ]
              http:
            %s
                - match: [ { uri: { exact: /hold } } ]
                  route: [ { destination: { host: catalog, subset: tight } } ]
                - route: [ { destination: { host: catalog } } ]
            """.formatted(LIMIT, CatalogPolicies.BY_HEADER);

    @Override
    public String name() {
        return "09-circuit-breaking";
    }

    @Override
    public String show(Stage stage) throws InterruptedException {
        CatalogPolicies.warm(stage);
        stage.apply(POLICY);
        var ejection = ejection(stage);
        return ejection + "; " + limit(stage);
    }

    private static String ejection(Stage stage) throws InterruptedException {
        mode(stage, 1);
        var load = stage.traffic().of(Ask.get("/api/catalog/flaky"), 200).start();
        try {
            stage.await("ejection of the failing replica", PATIENCE, () -> isEjected(stage));
            // Requests that were under way at that moment may still arrive; what counts is what comes after.
            Thread.sleep(Duration.ofMillis(500));
            var early = CatalogPolicies.arrived(stage, "v2", COUNTED);
            Thread.sleep(Duration.ofMillis(1200));
            var late = CatalogPolicies.arrived(stage, "v2", COUNTED);
            Unmet.unless(isEjected(stage), "the ejection ended before its 3 s");
            Unmet.unless(early == late, late - early + " requests reached the replica while it was ejected");
            mode(stage, 0);
            stage.await("the replica's return", PATIENCE, () -> CatalogPolicies.arrived(stage, "v2", COUNTED) > late);
            var failed = load.stop().failures().size();
            var back = CatalogPolicies.arrived(stage, "v2", COUNTED) - late;
            return "v2 was ejected after %d failures: 0 requests in 1.2 s of 200/s; then back, with %d requests"
                    .formatted(failed, back);
        } finally {
            mode(stage, 0);
        }
    }

    /** The coin of v2; its counts begin at zero. */
    private static void mode(Stage stage, int failRate) {
        stage.web().post("/api/catalog/mode", "{\"failRate\":" + failRate + "}", "x-user", "lab-v2");
    }

    private static boolean isEjected(Stage stage) {
        return stage.instances()
                .named("web-1")
                .page("/clusters")
                .lines()
                .anyMatch(line -> line.startsWith("outbound|3000||catalog.") && line.contains("failed_outlier_check"));
    }

    private static String limit(Stage stage) throws InterruptedException {
        var asked = CompletableFuture.supplyAsync(() -> stage.traffic()
                .of(Ask.get("/api/catalog/hold"), 100)
                .connections(Connections.FRESH)
                .timeout(Duration.ofSeconds(60))
                .times(ASKED));
        Instant released;
        try {
            stage.await("requests held open", PATIENCE, () -> held(stage) == LIMIT);
            Thread.sleep(Duration.ofSeconds(2)); // those too many have long been refused, as their times show
            Unmet.unless(held(stage) == LIMIT, held(stage) + " requests are held, over the limit of " + LIMIT);
        } finally {
            released = stage.clock().instant();
            release(stage);
        }
        var report = asked.join();
        var served = report.outcomes().stream().filter(o -> o.status() == 200).count();
        var refused = report.outcomes().stream()
                .filter(o -> o.status() == 503 && o.body().contains("TUL1607"))
                .filter(o -> Instant.ofEpochMilli(report.startedEpochMillis())
                        .plusNanos(o.endNanos())
                        .isBefore(released))
                .toList();
        Unmet.unless(
                served == LIMIT && refused.size() == ASKED - LIMIT,
                "of %d requests at a limit of %d connections: %s".formatted(ASKED, LIMIT, report.summary()));
        return "of %d requests held open at a limit of %d connections, %d were served and %d refused at once: %s"
                .formatted(
                        ASKED,
                        LIMIT,
                        served,
                        refused.size(),
                        refused.getFirst().body().strip());
    }

    private static long held(Stage stage) {
        return CatalogPolicies.of(stage, "v1", "/held").number("held");
    }

    private static void release(Stage stage) {
        stage.web().post("/api/catalog/release", "{}", "x-user", "lab-v1");
    }
}
