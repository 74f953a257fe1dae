package io.tulle.labs.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One {@code tulle run} as a person writes it into a shell, without a Compose file.
 *
 * @param name of the instance
 * @param variables what the application is told, as compose.yaml has it
 * @param options of {@code tulle run}
 */
record HandRun(String name, Map<String, String> variables, List<String> options, List<String> command) {
    HandRun {
        variables = Map.copyOf(variables);
        options = List.copyOf(options);
        command = List.copyOf(command);
    }

    /** All nine of the shop. */
    static List<HandRun> shop(String door, String store) {
        var ledger = Map.of("LEDGER_STORE", store, "REDIS_URL", "redis://redis:6379");
        var others = Map.of(
                "CATALOG_URL", "http://catalog:3000",
                "CART_HOST", "cart",
                "CART_PORT", "4000",
                "PAYMENT_URL", "payment:5000",
                "NOTIFY_URL", "ws://notify:3001",
                "LEDGER_URL", "http://ledger:8080");
        var toLedger = Map.of("LEDGER_URL", "http://ledger:8080");
        return List.of(
                new HandRun(
                        "web-1", others, options("web", "v1", "3000/http", "--publish", "3000=" + door), node("web")),
                new HandRun(
                        "catalog-1", Map.of("VERSION", "v1"), options("catalog", "v1", "3000/http"), node("catalog")),
                new HandRun(
                        "catalog-v2-1",
                        Map.of("VERSION", "v2"),
                        options("catalog", "v2", "3000/http"),
                        node("catalog")),
                new HandRun("cart-1", Map.of(), options("cart", "v1", "4000/nest-tcp"), node("cart")),
                new HandRun("cart-2", Map.of(), options("cart", "v1", "4000/nest-tcp"), node("cart")),
                new HandRun("payment-1", toLedger, options("payment", "v1", "5000/grpc"), node("payment")),
                new HandRun("payment-2", toLedger, options("payment", "v1", "5000/grpc"), node("payment")),
                new HandRun("notify-1", Map.of(), options("notify", "v1", "3001/http"), node("notify")),
                new HandRun(
                        "ledger-1",
                        ledger,
                        options("ledger", "v1", "8080/http"),
                        List.of("java", "ledger/Ledger.java")));
    }

    private static List<String> options(String service, String version, String port, String... more) {
        var all = new ArrayList<>(List.of("--service", service, "--label", "app=" + service));
        all.addAll(List.of("--label", "version=" + version, "--expose", port));
        all.addAll(List.of(more));
        return all;
    }

    private static List<String> node(String service) {
        return List.of("node", "dist/" + service + "/main.js");
    }
}
