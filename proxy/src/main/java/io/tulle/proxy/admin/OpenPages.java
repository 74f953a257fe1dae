package io.tulle.proxy.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tulle.proxy.observe.Exposition;
import io.tulle.proxy.observe.Loss;
import io.tulle.proxy.plan.Addresses;
import io.tulle.proxy.pool.ApplicationNetwork;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two pages that whoever reaches the application's network may read, where Istio's sidecars have them: whether sidecar
 * and application are ready, and the metrics. No certificate, no policy, and nothing else is told.
 */
public final class OpenPages implements AutoCloseable {
    /** Istio's readiness: {@code /healthz/ready}. */
    public static final int READINESS = 15021;
    /** Istio's metrics: {@code /stats/prometheus}. */
    public static final int METRICS = 15090;

    private static final Logger LOG = LoggerFactory.getLogger(OpenPages.class);
    private static final String ANYWHERE = "0.0.0.0";

    private final List<HttpServer> servers;
    private final ExecutorService threads;

    private OpenPages(List<HttpServer> servers, ExecutorService threads) {
        this.servers = servers;
        this.threads = threads;
    }

    /** @throws IOException when a port is taken */
    public static OpenPages start(Admin.Views views, ApplicationNetwork network) throws IOException {
        var pages = new OpenPages(new ArrayList<>(), Executors.newVirtualThreadPerTaskExecutor());
        try {
            pages.open(READINESS, "/healthz/ready", network, exchange -> {
                var ready = views.ready().getAsBoolean();
                answer(exchange, ready ? 200 : 503, "text/plain", ready ? "LIVE\n" : "INITIALIZING\n");
            });
            pages.open(METRICS, "/stats/prometheus", network, exchange -> {
                var accept = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Accept"));
                var told = Exposition.of(views.metrics().get(), accept.orElse(""));
                answer(exchange, 200, told.type(), told.text());
            });
            return pages;
        } catch (IOException e) {
            pages.close();
            throw e;
        }
    }

    /** What is answered at an address. */
    interface Page {
        void show(HttpExchange exchange) throws IOException;
    }

    /** What fails says so: the JDK's server would only break the connection off. */
    static void guarded(HttpExchange exchange, Page page) throws IOException {
        try {
            page.show(exchange);
        } catch (RuntimeException e) {
            LOG.error("{}: {}", Loss.PAGE, exchange.getRequestURI().getPath(), e);
            if (exchange.getResponseCode() < 0) answer(exchange, 500, "text/plain", Loss.PAGE + ": " + e + "\n");
        }
    }

    private void open(int port, String path, ApplicationNetwork network, Page page) throws IOException {
        var server = server(Addresses.of(ANYWHERE, port), network);
        servers.add(server);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                if (exchange.getRequestURI().getPath().equals(path)) guarded(exchange, page);
                else answer(exchange, 404, "text/plain", "there is " + path + "\n");
            }
        });
        server.start();
    }

    static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        var body = text.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type.contains("charset") ? type : type + "; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** A server that is not started yet: only its socket is made in the network, its threads come later and stay outside. */
    static HttpServer server(InetSocketAddress at, ApplicationNetwork network) throws IOException {
        Patience.set();
        var made = new ArrayList<HttpServer>(1);
        var failed = new ArrayList<IOException>(1);
        network.within(() -> {
            try {
                made.add(HttpServer.create(at, 16));
            } catch (IOException e) {
                failed.add(e);
            }
        });
        if (!failed.isEmpty()) throw failed.getFirst();
        return made.getFirst();
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
        threads.shutdownNow();
    }
}
