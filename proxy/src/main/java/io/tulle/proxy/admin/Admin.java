package io.tulle.proxy.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.tulle.proxy.observe.Exposition;
import io.tulle.proxy.observe.Metrics;
import io.tulle.proxy.plan.Addresses;
import io.tulle.proxy.plan.LivePlan;
import io.tulle.proxy.plan.Plan;
import io.tulle.proxy.pool.ApplicationNetwork;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The admin server, on a thread of its own beside the data plane. Only loopback may ask, and only as loopback: a page in
 * a browser that was sent here by another name is refused (DNS rebinding).
 */
public final class Admin implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads;
    private final Views views;

    /**
     * What it shows.
     *
     * @param ready whether the sidecar has its configuration and, in the mesh, its certificate
     * @param stats numbers as lines of text
     * @param level sets the log's level; false when there is none of that name
     * @param metrics for {@code /stats/prometheus}, as Envoy has it
     */
    public record Views(
            LivePlan plan,
            BooleanSupplier ready,
            Supplier<String> stats,
            Level level,
            Supplier<MetricSnapshots> metrics) {
        /** Without metrics. */
        public Views(LivePlan plan, BooleanSupplier ready, Supplier<String> stats, Level level) {
            this(plan, ready, stats, level, () -> new MetricSnapshots());
        }

        /** The metrics are also what {@code /stats} shows. */
        public static Views of(LivePlan plan, BooleanSupplier ready, Level level, Metrics metrics) {
            Supplier<String> stats =
                    () -> Exposition.of(metrics.snapshots(), "").text();
            return new Views(plan, ready, stats, level, metrics::snapshots);
        }
    }

    /** Changes how much is logged. */
    @FunctionalInterface
    public interface Level {
        boolean set(String name);
    }

    private Admin(HttpServer server, ExecutorService threads, Views views) {
        this.server = server;
        this.threads = threads;
        this.views = views;
    }

    /**
     * @param port 0 for any free one
     * @throws IOException when the port is taken
     */
    public static Admin start(int port, Views views) throws IOException {
        return start(port, views, ApplicationNetwork.SHARED);
    }

    /**
     * The same on the loopback of the application's network.
     *
     * @throws IOException when the port is taken
     */
    public static Admin start(int port, Views views, ApplicationNetwork network) throws IOException {
        var server = OpenPages.server(Addresses.loopback(port), network);
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        var admin = new Admin(server, threads, views);
        server.setExecutor(threads);
        server.createContext("/", admin::serve);
        server.start();
        return admin;
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            OpenPages.guarded(exchange, this::show);
        }
    }

    private void show(HttpExchange exchange) throws IOException {
        var answer = isLocal(exchange) ? answer(exchange) : new Answer(403, "text/plain", "ask as localhost\n");
        OpenPages.answer(exchange, answer.status(), answer.type(), answer.body());
    }

    private static boolean isLocal(HttpExchange exchange) {
        var host = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host"))
                .orElse("");
        var name = host.replaceFirst(":[0-9]+$", "");
        return name.equals("localhost") || name.equals("127.0.0.1") || name.equals("[::1]");
    }

    private record Answer(int status, String type, String body) {
        static Answer text(String body) {
            return new Answer(200, "text/plain", body);
        }
    }

    private Answer answer(HttpExchange exchange) {
        var get = exchange.getRequestMethod().equals("GET");
        return switch (exchange.getRequestURI().getPath()) {
            case "/ready" ->
                views.ready().getAsBoolean() ? Answer.text("LIVE\n") : new Answer(503, "text/plain", "INITIALIZING\n");
            case "/stats" -> Answer.text(views.stats().get());
            case "/stats/prometheus" -> metrics(exchange);
            case "/listeners" -> Answer.text(listeners(views.plan().current()));
            case "/clusters" -> Answer.text(Clusters.text(views.plan().current()));
            case "/config_dump" ->
                new Answer(
                        200,
                        "application/json",
                        RecordJson.of(views.plan().current().snapshot()));
            case "/logging" ->
                get ? new Answer(405, "text/plain", "use POST /logging?level=debug\n") : logging(exchange);
            default ->
                new Answer(
                        404,
                        "text/plain",
                        "there are /ready /stats /stats/prometheus /listeners /clusters /config_dump /logging?level=\n");
        };
    }

    private Answer metrics(HttpExchange exchange) {
        var accept = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Accept"))
                .orElse("");
        var told = Exposition.of(views.metrics().get(), accept);
        return new Answer(200, told.type(), told.text());
    }

    /** Envoy's {@code /listeners} text: {@code name::place}. */
    private static String listeners(Plan plan) {
        return plan.listeners().stream()
                .map(listener -> listener.name() + "::" + listener.place() + "\n")
                .collect(Collectors.joining());
    }

    private Answer logging(HttpExchange exchange) {
        var query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
        var level = query.startsWith("level=") ? query.substring("level=".length()) : "";
        if (views.level().set(level)) return Answer.text("active level: " + level + "\n");
        return new Answer(400, "text/plain", "usage: POST /logging?level=trace|debug|info|warn|error\n");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
