package io.tulle.labs;

import io.tulle.labs.stage.OtlpSink.Span;
import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.Unmet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One trace through all services, and each call in its own, however many share a connection that is just being opened. */
final class Traces {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String CALLER = "00f067aa0ba902b7";
    private static final int TOGETHER = 4;

    private Traces() {}

    static String show(Stage stage) throws Exception {
        return "one trace of %s; %d calls at once on cold connections each in its own (Nest TCP and gRPC)"
                .formatted(order(stage), cold(stage));
    }

    /** An order through all services. */
    private static String order(Stage stage) throws InterruptedException {
        var cart = "lab-" + UUID.randomUUID();
        var product = stage.web().ask("/api/products").text("products", "0", "id");
        stage.web().post("/api/carts/" + cart + "/items", "{\"product\":\"" + product + "\",\"quantity\":1}");
        var trace = expected(stage);
        var order = stage.web().post("/api/orders", "{\"cart\":\"" + cart + "\"}", "traceparent", sampled(trace));
        Unmet.unless(order.status() == 201, "the order was refused: " + order);
        var wanted = Set.of("web", "cart", "payment", "ledger");
        stage.await(
                "the trace of an order",
                PATIENCE,
                () -> services(stage, trace).containsAll(wanted) && whole(stage, trace));
        return services(stage, trace) + " in " + stage.traces().of(trace).size() + " spans";
    }

    private static Set<String> services(Stage stage, String trace) {
        return stage.traces().of(trace).stream()
                .filter(span -> !span.client())
                .map(Span::service)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether each span hangs below another of the trace, or is the first. */
    private static boolean whole(Stage stage, String trace) {
        var spans = stage.traces().of(trace);
        var ids = new HashSet<>(List.of(CALLER));
        spans.forEach(span -> ids.add(span.id()));
        return spans.stream().allMatch(span -> ids.contains(span.parent()));
    }

    /** web anew, so that its connections to cart and payment are yet to be made; then several calls at once. */
    private static int cold(Stage stage) throws Exception {
        var old = stage.instances().named("web-1");
        old.killApplication();
        stage.await(
                "the end of web",
                PATIENCE,
                () -> !old.application().isAlive() && !old.launcher().isAlive());
        stage.await("a new web", Duration.ofSeconds(60), () -> isThere(stage));
        apart(stage, "/api/ping-cart?n=1", "cart", "/ping");
        apart(stage, "/api/charge?n=1", "payment", "/shop.payment.Payments/Charge");
        return TOGETHER;
    }

    private static boolean isThere(Stage stage) {
        try {
            return stage.web().get("/health").status() == 200;
        } catch (Unmet _) {
            return false; // its door is not open yet
        }
    }

    /** Each of several calls at once is in its own trace, once at either end. */
    private static void apart(Stage stage, String path, String service, String called) throws Exception {
        var traces = IntStream.range(0, TOGETHER).mapToObj(_ -> expected(stage)).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Callable<Object>>();
            traces.forEach(trace -> asked.add(() -> stage.web().ask(path, "traceparent", sampled(trace))));
            for (var done : threads.invokeAll(asked)) done.get();
        }
        for (var trace : traces) {
            stage.await(
                    "the trace of a call to " + service,
                    PATIENCE,
                    () -> services(stage, trace).contains(service)
                            && whole(stage, trace)
                            && stage.traces().of(trace).size() >= 3);
            var spans = stage.traces().of(trace);
            var calls = spans.stream()
                    .filter(span -> span.client() && span.path().equals(called))
                    .count();
            var served = spans.stream()
                    .filter(span -> !span.client() && span.path().equals(called))
                    .count();
            Unmet.unless(calls == 1 && served == 1, "a trace of one call to " + service + " has these spans: " + spans);
        }
    }

    private static String expected(Stage stage) {
        var trace = UUID.randomUUID().toString().replace("-", "");
        stage.traces().expect(trace);
        return trace;
    }

    /** As a caller writes it that traces this request. */
    private static String sampled(String trace) {
        return "00-" + trace + "-" + CALLER + "-01";
    }
}
