package io.tulle.labs.stage;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A collector of traces, OTLP over HTTP as JSON, that keeps the spans of the traces that a lab asked for. */
public final class OtlpSink implements AutoCloseable {
    private static final String CLIENT = "3";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, List<Span>> traces = new ConcurrentHashMap<>();

    /**
     * One side of one call.
     *
     * @param parent empty for the first of a trace
     * @param service of the sidecar that reported it
     * @param client whether that sidecar's application called; else it was called
     * @param path of a request, or the pattern of a message as a path
     */
    public record Span(String id, String parent, String service, boolean client, String path) {
        @Override
        public String toString() {
            return service + (client ? " calls " : " serves ") + path;
        }
    }

    private OtlpSink() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 64);
        server.setExecutor(threads);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    static OtlpSink open() throws IOException {
        return new OtlpSink();
    }

    /** What {@code OTEL_EXPORTER_OTLP_ENDPOINT} is to say. */
    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Keeps this trace's spans from now on. */
    public void expect(String trace) {
        traces.put(trace, new CopyOnWriteArrayList<>());
    }

    /** What came of a trace so far. */
    public List<Span> of(String trace) {
        return List.copyOf(traces.getOrDefault(trace, List.of()));
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            new Reader()
                    .json("spans", exchange.getRequestBody().readAllBytes()).documents().stream()
                            .findFirst()
                            .ifPresent(this::take);
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(new byte[] {'{', '}'});
        }
    }

    private void take(Node request) {
        for (var resource : list(request, "resourceSpans")) {
            var service = attribute(resource.at("resource").orElse(request), "service.name");
            for (var scope : list(resource, "scopeSpans")) {
                for (var span : list(scope, "spans")) {
                    var kept = Optional.ofNullable(traces.get(text(span, "traceId")));
                    kept.ifPresent(all -> all.add(new Span(
                            text(span, "spanId"),
                            text(span, "parentSpanId"),
                            service,
                            text(span, "kind").equals(CLIENT),
                            attribute(span, "url.path"))));
                }
            }
        }
    }

    private static String attribute(Node of, String name) {
        return list(of, "attributes").stream()
                .filter(each -> text(each, "key").equals(name))
                .findFirst()
                .flatMap(each -> each.at("value"))
                .map(value -> text(value, "stringValue"))
                .orElse("");
    }

    private static List<Node> list(Node of, String key) {
        return of.at(key).orElse(Node.of("")) instanceof Node.Sequence(var _, var items) ? items : List.of();
    }

    private static String text(Node of, String key) {
        return switch (of.at(key).orElse(Node.of(""))) {
            case Node.Text(var _, var text) -> text;
            case Node.Numeral(var _, var number) -> number.toPlainString();
            default -> "";
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
