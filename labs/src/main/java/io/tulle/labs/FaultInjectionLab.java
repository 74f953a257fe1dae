package io.tulle.labs;

import io.tulle.labs.load.Ask;
import io.tulle.labs.load.Outcome;
import io.tulle.labs.load.Report;
import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.Unmet;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Delays and errors on purpose: for one user always, for all by chance. What is aborted never reaches the application. */
final class FaultInjectionLab implements Lab {
    private static final int EACH = 100;
    private static final int REQUESTS = 1000;
    private static final int ABORTED = 555;
    private static final long DELAY = TimeUnit.MILLISECONDS.toNanos(1500);

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
    public String show(Stage stage) {
        stage.apply(POLICY);
        var late = stage.load(Ask.get("/api/catalog/status/201").with("x-user", "late"), EACH);
        var slow = late.outcomes().stream().filter(FaultInjectionLab::isDelayed).count();
        Unmet.unless(
                slow == EACH && late.failures().isEmpty(),
                "of " + EACH + " requests " + slow + " were delayed: " + late.summary());

        var before = arrived(stage, "GET /status/202");
        var broken = stage.load(Ask.get("/api/catalog/status/202").with("x-user", "broken"), EACH);
        var aborted = aborted(broken);
        Unmet.unless(aborted == EACH, "of " + EACH + " requests " + aborted + " were aborted: " + broken.summary());
        Unmet.unless(arrived(stage, "GET /status/202") == before, "an aborted request reached the application");

        var seen = arrived(stage, "GET /status/200");
        var mixed = stage.load(Ask.get("/api/catalog/status/200"), REQUESTS);
        var some = aborted(mixed);
        var held =
                mixed.outcomes().stream().filter(FaultInjectionLab::isDelayed).count();
        Unmet.unlessShare("aborted", some, REQUESTS, 0.3);
        Unmet.unlessShare("delayed", held, REQUESTS, 0.2);
        var reached = arrived(stage, "GET /status/200") - seen;
        Unmet.unless(
                reached == REQUESTS - some,
                "%d were aborted, and %d of %d reached the application".formatted(some, reached, REQUESTS));
        return "by header: %d of %d delayed, %d of %d aborted; by chance, of %d: %d aborted (30 %%), %d delayed (20 %%); %d reached the application"
                .formatted(slow, EACH, aborted, EACH, REQUESTS, some, held, reached);
    }

    private static boolean isDelayed(Outcome outcome) {
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
