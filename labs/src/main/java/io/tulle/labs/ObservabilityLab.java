package io.tulle.labs;

import io.tulle.labs.load.Ask;
import io.tulle.labs.load.Connections;
import io.tulle.labs.stage.Scrape;
import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.Unmet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** Metrics add up to what a client counted, each request has its line, and one trace leads through all services. */
final class ObservabilityLab implements Lab {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int HTTP = 600;
    private static final int MESSAGES = 250;
    private static final int CONNECTIONS = 20;
    private static final int BYTES = 5_000;

    /** Sends what it hears on through the mesh, byte by byte, and back. */
    private static final String PIPE = """
            const net = require('net');
            net.createServer(a => {
              const b = net.connect(7000, 'echo');
              a.pipe(b).pipe(a);
              for (const s of [a, b]) s.on('error', () => { a.destroy(); b.destroy(); });
            }).listen(7001)
            """;

    private static final String ECHO =
            "require('net').createServer(s => { s.on('error', () => {}); s.pipe(s) }).listen(7000)";

    @Override
    public String name() {
        return "11-observability";
    }

    @Override
    public String show(Stage stage) throws Exception {
        var door = Stage.freePort();
        var pipe = List.of("--expose", "7001/tcp", "--publish", "7001=127.0.0.1:" + door);
        try (var echo = stage.join("echo", List.of("--expose", "7000/tcp"), "node", "-e", ECHO);
                var relay = stage.join("pipe", pipe, "node", "-e", PIPE)) {
            everythingOnce(stage, door);
            var before = sums(stage);
            load(stage, door);
            counted(stage, before, new Sent(HTTP + 2, HTTP, MESSAGES, CONNECTIONS));
            namesEveryPeer(stage);
        }
        var lines = logged(stage);
        return "per reporter: HTTP %d, Nest TCP %d, gRPC %d, TCP %d connections and %d bytes each way; a request has its %d log lines, no query in them; %s"
                .formatted(HTTP, MESSAGES, MESSAGES, CONNECTIONS, CONNECTIONS * BYTES, lines, Traces.show(stage));
    }

    /** So that everybody has met everybody, and the mesh has said who each is. */
    private static void everythingOnce(Stage stage, int door) throws Exception {
        var before = sums(stage);
        var web = stage.web();
        for (var i = 0; i < 10; i++) {
            web.ask("/api/products");
            web.ask("/api/ping-cart?n=4");
            web.ask("/api/charge?n=4");
        }
        through(door);
        counted(stage, before, new Sent(30, 10, 40, 1));
    }

    /**
     * What a client sent.
     *
     * @param web requests to the shop's door
     * @param http those of them that go on to the catalog
     * @param messages to cart, and as many calls to payment
     */
    private record Sent(int web, int http, int messages, int connections) {}

    /** Waits until the metrics say the same: whoever has an answer has it a moment before the sidecar counts it. */
    private static void counted(Stage stage, Map<Series, Long> before, Sent sent) throws InterruptedException {
        var expected = expected(sent);
        stage.await(
                () -> "the metrics do not add up: " + apart(expected, difference(before, sums(stage))),
                PATIENCE,
                () -> expected.equals(difference(before, sums(stage))));
    }

    private static String apart(Map<Series, Long> expected, Map<Series, Long> counted) {
        return counted.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(expected.get(entry.getKey())))
                .map(entry -> entry.getKey() + " " + entry.getValue() + ", sent " + expected.get(entry.getKey()))
                .collect(Collectors.joining("; "));
    }

    private static void load(Stage stage, int door) throws IOException {
        var report = stage.traffic()
                .of(Ask.get("/api/products"), 200)
                .connections(Connections.REUSED)
                .times(HTTP);
        Unmet.unless(report.failures().isEmpty(), "requests failed: " + report.kinds());
        var carts = stage.web().ask("/api/ping-cart?n=" + MESSAGES);
        var charges = stage.web().ask("/api/charge?n=" + MESSAGES);
        Unmet.unless(
                carts.numbers("errors").isEmpty() && charges.numbers("errors").isEmpty(),
                "calls failed: " + carts + " " + charges);
        for (var i = 0; i < CONNECTIONS; i++) through(door);
    }

    /** One connection there and back. */
    private static void through(int door) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), door));
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(new byte[BYTES]);
            var back = socket.getInputStream().readNBytes(BYTES).length;
            Unmet.unless(back == BYTES, "of " + BYTES + " bytes " + back + " came back");
        }
    }

    /** What a series is of: the metric, who reports, what is spoken, and to whom. */
    private record Series(String metric, String reporter, String protocol, String service)
            implements Comparable<Series> {
        Map<String, String> labels() {
            return Map.of(
                    "reporter", reporter, "request_protocol", protocol, "destination_service", service + ".shop.tulle");
        }

        @Override
        public int compareTo(Series other) {
            return toString().compareTo(other.toString());
        }
    }

    private static Map<Series, Long> expected(Sent sent) {
        var all = new TreeMap<Series, Long>();
        all.put(new Series("istio_requests_total", "destination", "http", "web"), (long) sent.web());
        for (var reporter : List.of("source", "destination")) {
            all.put(new Series("istio_requests_total", reporter, "http", "catalog"), (long) sent.http());
            all.put(new Series("istio_requests_total", reporter, "nest-tcp", "cart"), (long) sent.messages());
            all.put(new Series("istio_requests_total", reporter, "grpc", "payment"), (long) sent.messages());
            var count = (long) sent.connections();
            all.put(new Series("istio_tcp_connections_opened_total", reporter, "tcp", "echo"), count);
            all.put(new Series("istio_tcp_connections_closed_total", reporter, "tcp", "echo"), count);
            all.put(new Series("istio_tcp_received_bytes_total", reporter, "tcp", "echo"), count * BYTES);
            all.put(new Series("istio_tcp_sent_bytes_total", reporter, "tcp", "echo"), count * BYTES);
        }
        return all;
    }

    private static Map<Series, Long> sums(Stage stage) {
        var scrapes = scrapes(stage);
        var sums = new TreeMap<Series, Long>();
        for (var series : expected(new Sent(0, 0, 0, 0)).keySet()) {
            var sum = scrapes.stream()
                    .mapToLong(scrape -> scrape.sum(series.metric(), series.labels()))
                    .sum();
            sums.put(series, sum);
        }
        return sums;
    }

    private static List<Scrape> scrapes(Stage stage) {
        return stage.instances().all().stream().map(one -> one.scrape()).toList();
    }

    private static Map<Series, Long> difference(Map<Series, Long> before, Map<Series, Long> after) {
        var more = new TreeMap<Series, Long>();
        after.forEach((series, sum) -> more.put(series, sum - before.getOrDefault(series, 0L)));
        return more;
    }

    /** No end of a call between two sidecars is called {@code unknown}. */
    private static void namesEveryPeer(Stage stage) {
        var ends = List.of("workload", "app", "version", "canonical_service", "canonical_revision");
        for (var scrape : scrapes(stage)) {
            for (var sample : scrape.samples()) {
                var end = sample.has(Map.of("reporter", "source")) ? "destination" : "source";
                var answered = sample.has(Map.of("response_flags", "-"));
                var mesh = end.equals("destination") || sample.has(Map.of("connection_security_policy", "mutual_tls"));
                var ours = String.valueOf(sample.labels().get("destination_service"))
                        .endsWith(".shop.tulle");
                if (!sample.name().startsWith("istio_") || !answered || !mesh || !ours) continue;
                for (var label : ends) {
                    var value = sample.labels().get(end + "_" + label);
                    var without = label.equals("version") && sample.has(Map.of(end + "_canonical_revision", "latest"));
                    var known = without || !"unknown".equals(value);
                    Unmet.unless(known, "a peer's " + label + " is unknown in " + sample);
                }
            }
        }
    }

    /** Lines of web's door with the request that was made; secrets in queries are not among them. */
    private static int logged(Stage stage) throws IOException, InterruptedException {
        var id = "lab-11-" + UUID.randomUUID();
        stage.web().ask("/api/products?token=hush", "x-request-id", id);
        // web's door, web's call, and catalog's: the id goes all the way
        stage.await(
                "three log lines of one request",
                PATIENCE,
                () -> lines(stage, id).size() == 3);
        var lines = lines(stage, id);
        var calls = lines.stream().filter(line -> line.contains("\"GET /products HTTP/1.1\" 200 - via_upstream"));
        Unmet.unless(calls.count() == 2, "the log has other lines: " + lines);
        Unmet.unless(lines.stream().noneMatch(line -> line.contains("hush")), "a query is logged: " + lines);
        return lines.size();
    }

    private static List<String> lines(Stage stage, String part) {
        try (var files = Files.list(stage.logs())) {
            var found = new ArrayList<String>();
            for (var file : files.toList()) {
                Files.readString(file)
                        .lines()
                        .filter(line -> line.contains(part))
                        .forEach(found::add);
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
