package io.tulle.labs;

import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.Unmet;

/** One user sees the new version, all others the old one. */
final class HeaderRoutingLab implements Lab {
    private static final int EACH = 100;

    @Override
    public String name() {
        return "04-header-routing";
    }

    @Override
    public String show(Stage stage) {
        stage.apply(CatalogPolicies.SUBSETS + """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: { name: catalog }
                spec:
                  hosts: [ catalog ]
                  http:
                    - match: [ { headers: { x-user: { exact: ada } } } ]
                      route: [ { destination: { host: catalog, subset: v2 } } ]
                    - route: [ { destination: { host: catalog, subset: v1 } } ]
                """);
        var ada = toVersionTwo(stage, "x-user", "ada");
        var bob = toVersionTwo(stage, "x-user", "bob");
        var nobody = toVersionTwo(stage);
        Unmet.unless(ada == EACH, "of ada's requests only " + ada + " reached v2");
        Unmet.unless(bob + nobody == 0, bob + " of bob's and " + nobody + " of nobody's requests reached v2");
        return "ada → v2 %d of %d; bob → v1 %d of %d; without the header → v1 %d of %d"
                .formatted(ada, EACH, EACH - bob, EACH, EACH - nobody, EACH);
    }

    private static int toVersionTwo(Stage stage, String... headers) {
        var hits = 0;
        for (var i = 0; i < EACH; i++) {
            var version = stage.web().ask("/api/products", headers).header("x-catalog-version");
            if (version.equals(java.util.Optional.of("v2"))) hits++;
        }
        return hits;
    }
}
