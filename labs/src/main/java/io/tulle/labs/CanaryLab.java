package io.tulle.labs;

import io.tulle.labs.load.Ask;
import io.tulle.labs.load.Report;
import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.Unmet;

/** Shares of traffic between two versions, changed while requests flow. */
final class CanaryLab implements Lab {
    private static final int REQUESTS = 1000;
    private static final String COUNTED = "GET /products";

    @Override
    public String name() {
        return "03-canary";
    }

    @Override
    public String show(Stage stage) throws InterruptedException {
        CatalogPolicies.warm(stage);
        stage.apply(shares(90, 10));
        var tenth = measured(stage, 0.1);
        var changing =
                stage.traffic().of(Ask.get("/api/catalog/status/200"), 200).start();
        stage.apply(shares(50, 50));
        stage.apply(shares(90, 10));
        stage.apply(shares(50, 50));
        var during = changing.stop();
        Unmet.unless(during.failures().isEmpty(), "during the changes failed: " + during.summary());
        var half = measured(stage, 0.5);
        return "90/10: v2 had %d of %d; 50/50: %d of %d; %d requests while the shares changed 3 times, 0 failed"
                .formatted(tenth, REQUESTS, half, REQUESTS, during.outcomes().size());
    }

    private static long measured(Stage stage, double share) throws InterruptedException {
        var v1 = CatalogPolicies.arrived(stage, "v1", COUNTED);
        var v2 = CatalogPolicies.arrived(stage, "v2", COUNTED);
        Report report = stage.traffic().of(Ask.get("/api/products"), 250).times(REQUESTS);
        Unmet.unless(report.failures().isEmpty(), "of 1,000 requests failed: " + report.summary());
        var first = CatalogPolicies.arrived(stage, "v1", COUNTED) - v1;
        var second = CatalogPolicies.arrived(stage, "v2", COUNTED) - v2;
        Unmet.unless(
                first + second == REQUESTS,
                "the applications counted %d + %d, not %d".formatted(first, second, REQUESTS));
        Unmet.unlessShare("v2's share", second, REQUESTS, share);
        return second;
    }

    private static String shares(int v1, int v2) {
        return CatalogPolicies.routes("""
                - route:
                    - { destination: { host: catalog, subset: v1 }, weight: %d }
                    - { destination: { host: catalog, subset: v2 }, weight: %d }
                """.formatted(v1, v2));
    }
}
