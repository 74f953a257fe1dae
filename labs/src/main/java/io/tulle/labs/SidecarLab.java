package io.tulle.labs;

import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.Unmet;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.UUID;

/** An order passes through every service, each behind its sidecar; the applications know nothing of it. */
final class SidecarLab implements Lab {
    @Override
    public String name() {
        return "01-sidecar";
    }

    @Override
    public String show(Stage stage) throws IOException {
        unaware(stage);
        var web = stage.web();
        var before = hops(stage);
        var cart = "lab-" + UUID.randomUUID();
        var product = web.ask("/api/products").text("products", "0", "id");
        var added = web.post("/api/carts/" + cart + "/items", "{\"product\":\"" + product + "\",\"quantity\":2}");
        Unmet.unless(added.status() == 201, "a product could not be put into the cart: " + added);
        var order = web.post("/api/orders", "{\"cart\":\"" + cart + "\"}");
        Unmet.unless(order.status() == 201, "the order was refused: " + order);
        var book = web.ask("/api/book");
        Unmet.unless(
                book.body().contains(order.text("order")), "the ledger's book has no order " + order.text("order"));
        var store = book.text("store");
        Unmet.unless(store.equals(stage.store()), "the book is kept in " + store + ", not in " + stage.store());
        Unmet.unless(
                store.equals("redis") || System.getenv("CI") == null,
                "the book is kept in memory: CI is to have a redis-server");
        return "order of %s: web → catalog, cart (%s) → payment (%s) → ledger, book in %s; sidecars counted %s"
                .formatted(
                        product,
                        stage.instances().nameOf(order.text("served", "cart")),
                        stage.instances().nameOf(order.text("served", "payment")),
                        store,
                        passed(before, hops(stage)));
    }

    /** What the server-side sidecars of each service counted, summed over its replicas. */
    private static Map<String, Long> hops(Stage stage) {
        var seen = new java.util.TreeMap<String, Long>();
        for (var instance : stage.instances().all()) {
            var service = instance.name().replaceAll("(-v2)?-[0-9]+$", "");
            var scrape = instance.scrape();
            var sum = scrape.sum("istio_requests_total", Map.of("reporter", "destination"));
            seen.merge(service, sum, Long::sum);
        }
        return seen;
    }

    private static Map<String, Long> passed(Map<String, Long> before, Map<String, Long> after) {
        var passed = new java.util.TreeMap<String, Long>();
        for (var service : java.util.List.of("web", "catalog", "cart", "payment", "ledger")) {
            var more = after.getOrDefault(service, 0L) - before.getOrDefault(service, 0L);
            Unmet.unless(more > 0, "no request of the order passed the sidecar of " + service);
            passed.put(service, more);
        }
        return passed;
    }

    private static void unaware(Stage stage) throws IOException {
        try (var files = Files.walk(stage.shop().resolve("src"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var text = Files.readString(file).toLowerCase(java.util.Locale.ROOT);
                Unmet.unless(
                        !text.contains("tulle") && !text.contains("x-b3") && !text.contains("traceparent"),
                        file + " knows of a mesh");
            }
        }
        var manifest = Files.readString(stage.shop().resolve("package.json"));
        Unmet.unless(
                !manifest.contains("opentelemetry") && !manifest.contains("node-hook"),
                "package.json has a mesh library");
    }
}
