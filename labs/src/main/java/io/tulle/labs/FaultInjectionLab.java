package io.tulle.labs;

import io.tulle.labs.load.Ask;
import io.tulle.labs.load.Outcome;
import io.tulle.labs.load.Report;
import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.Unmet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Delays and errors on purpose: for one user always, for all by chance. What is aborted never reaches the application. */
final class FaultInjectionLab implements Lab {
    private static final int EACH = 100;
    private static final int REQUESTS = 1000;
    private static final int ABORTED = 555;
    private static final long DELAY = TimeUnit.MILLISECONDS.toNanos(1500);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String POLICY = CatalogPolicies.routes("""
            - match: [ { headers: { x-user: { exact: late } } } ]
              fault: { delay: { fixedDelay: 1.5s, percentage: { value: 100 } } }
              route: [ { destination: { host: catalog } } ]
            - match: [ { headers: { x-user: { exact: broken } } } ]
              fault: { abort: { httpStatus: 555, percentage: { value: 100 } } }
              route: [ { destination: { host: catalog } } ]
            - match: [ { uri: { exact: /status/200 } } ]
              fault:
                delay: { fixedDelay: 1.5s, percentage: { value: 20 } }
                abort: { httpStatus: 555, percentage: { value: 30 } }
              route: [ { destination: { host: catalog } } ]
            - route: [ { destination: { host: catalog } } ]
            """);

    @Override
    public String name() {
        return "08-fault-injection";
    }

    @Override
    public String show(Stage stage) throws InterruptedException {
        CatalogPolicies.warm(stage);
        stage.apply(POLICY);
        var counted = delays(stage);
        var late = stage.traffic().send(Ask.get("/api/catalog/status/201").with("x-user", "late"), EACH);
        Unmet.unless(
                late.failures().isEmpty() && late.outcomes().stream().allMatch(FaultInjectionLab::lasted),
                "of " + EACH + " requests some were not delayed: " + late.summary());
        var slow = delays(stage, counted, EACH);

        var before = arrived(stage, "GET /status/202");
        var broken = stage.traffic().send(Ask.get("/api/catalog/status/202").with("x-user", "broken"), EACH);
        var aborted = aborted(broken);
        Unmet.unless(aborted == EACH, "of " + EACH + " requests " + aborted + " were aborted: " + broken.summary());
        Unmet.unless(arrived(stage, "GET /status/202") == before, "an aborted request reached the application");

        var seen = arrived(stage, "GET /status/200");
        counted = delays(stage);
        var mixed = stage.traffic().send(Ask.get("/api/catalog/status/200"), REQUESTS);
        var some = aborted(mixed);
        var lasted = mixed.outcomes().stream().filter(FaultInjectionLab::lasted).count();
        var held = delays(stage, counted, 1);
        Unmet.unless(
                held <= lasted, held + " delays of 1.5 s were counted, and only " + lasted + " requests took so long");
        Unmet.unlessShare("aborted", some, REQUESTS, 0.3);
        Unmet.unlessShare("delayed", held, REQUESTS, 0.2);
        var reached = arrived(stage, "GET /status/200") - seen;
        Unmet.unless(
                reached == REQUESTS - some,
                "%d were aborted, and %d of %d reached the application".formatted(some, reached, REQUESTS));
        return "by header: %d of %d delayed, %d of %d aborted; by chance, of %d: %d aborted (30 %%), %d delayed (20 %%); %d reached the application"
                .formatted(slow, EACH, aborted, EACH, REQUESTS, some, held, reached);
    }

    /** As web's sidecar counts them, by their flag: an answer that is late for another reason is not one of them. */
    private static long delays(Stage stage) {
        var seen = stage.instances().named("web-1").scrape();
        return Stream.of("DI", "DI,FI")
                .mapToLong(flags -> seen.sum(
                        "istio_requests_total",
                        Map.of(
                                "reporter", "source",
                                "destination_service", "catalog.shop.tulle",
                                "response_flags", flags)))
                .sum();
    }

    /** The same since then, once what was sent is counted: whoever has an answer has it a moment before. */
    private static long delays(Stage stage, long before, int least) throws InterruptedException {
        stage.await("the count of delayed requests", PATIENCE, () -> delays(stage) - before >= least);
        return delays(stage) - before;
    }

    private static boolean lasted(Outcome outcome) {
        return outcome.endNanos() - outcome.sentNanos() >= DELAY;
    }

    private static long aborted(Report report) {
        return report.outcomes().stream().filter(o -> o.status() == ABORTED).count();
    }

    private static long arrived(Stage stage, String request) {
        return List.of("v1", "v2").stream()
                .mapToLong(version -> CatalogPolicies.arrived(stage, version, request))
                .sum();
    }
}
