package io.tulle.labs;

import io.tulle.labs.stage.Answer;
import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.Unmet;
import java.util.List;

/** Nobody may call anybody, then one caller may; and no spelling of a Nest TCP pattern gets around a policy. */
final class AuthorizationLab implements Lab {
    private static final String CODE = "TUL1602";
    private static final int CALLS = 5;

    /** Asks catalog, whatever it is asked, and passes the answer on: a service that nobody has a rule for. */
    private static final String STRANGER = """
            require('http').createServer(async (q, r) => {
              const a = await fetch('http://catalog:3000' + q.url);
              r.statusCode = a.status;
              r.end(await a.text());
            }).listen(3100)
            """;

    private static final String NOBODY = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: nobody }
            spec: {}
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: door-of-web }
            spec:
              selector: { matchLabels: { app: web } }
              rules:
                - from: [ { source: { notPrincipals: [ "*" ] } } ]
                  to: [ { operation: { ports: [ "3000" ] } } ]
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: door-of-stranger }
            spec:
              selector: { matchLabels: { app: stranger } }
              rules:
                - from: [ { source: { notPrincipals: [ "*" ] } } ]
                  to: [ { operation: { ports: [ "3100" ] } } ]
            """;

    private static final String WEB_READS = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: web-reads-products }
            spec:
              selector: { matchLabels: { app: catalog } }
              rules:
                - from: [ { source: { principals: [ tulle/ns/shop/sa/web ] } } ]
                  to: [ { operation: { methods: [ GET ], paths: [ /products, "/products/*" ] } } ]
            """;

    @Override
    public String name() {
        return "10-authorization";
    }

    @Override
    public String show(Stage stage) throws Exception {
        var port = Stage.freePort();
        var options =
                List.of("--label", "app=stranger", "--expose", "3100/http", "--publish", "3100=127.0.0.1:" + port);
        try (var stranger = stage.join("stranger", options, "node", "-e", STRANGER);
                var visitor = stage.visitor(port)) {
            Unmet.unless(visitor.get("/products").status() == 200, "without a policy a stranger may not read catalog");
            stage.apply(NOBODY);
            Unmet.unless(stage.web().get("/health").status() == 200, "the door of web is closed");
            isDenied("catalog", 403, stage.web().get("/api/products"));
            othersAreDenied(stage);
            isDenied("catalog, to a stranger", 403, visitor.get("/products"));

            stage.apply(WEB_READS);
            Unmet.unless(stage.web().get("/api/products").status() == 200, "web may not read products by its rule");
            isDenied("catalog's other paths", 403, stage.web().get("/api/catalog/stats"));
            isDenied("a POST", 403, stage.web().post("/api/catalog/products", "{}"));
            isDenied("catalog, to a stranger", 403, visitor.get("/products"));
            othersAreDenied(stage);
        }
        stage.reset();
        return ("denied by default: web → catalog, cart (an error of Nest), payment (PERMISSION_DENIED), ledger; one rule:"
                        + " web reads products, a stranger and a POST do not; %s")
                .formatted(PatternAliases.show(stage));
    }

    /** What the shop's other services are told, in the words of each protocol's own client. */
    private static void othersAreDenied(Stage stage) {
        isDenied("cart", 502, stage.web().get("/api/carts/lab"));
        isDenied("ledger", 502, stage.web().get("/api/book"));
        var charges = stage.web().ask("/api/charge?n=" + CALLS);
        var errors = charges.numbers("errors");
        Unmet.unless(
                errors.size() == 1
                        && errors.containsValue((long) CALLS)
                        && errors.keySet().iterator().next().contains(CODE)
                        && errors.keySet().iterator().next().contains("shop/nobody"),
                "payment was not denied: " + charges);
    }

    private static void isDenied(String what, int status, Answer answer) {
        Unmet.unless(
                answer.status() == status
                        && answer.body().contains(CODE)
                        && answer.body().contains("shop/nobody"),
                what + " was not denied with " + status + ", " + CODE + " and the policy: " + answer);
    }
}
