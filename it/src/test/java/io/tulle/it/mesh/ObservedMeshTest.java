package io.tulle.it.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.agent.run.Remembered;
import io.tulle.agent.run.RemoteLink;
import io.tulle.agent.run.Run;
import io.tulle.agent.run.RunSettings;
import io.tulle.agent.run.Upkeep;
import io.tulle.agent.run.Watching;
import io.tulle.control.ControlPlane;
import io.tulle.dialects.compose.ComposeService.Restart;
import io.tulle.launch.capture.Capture;
import io.tulle.launch.process.Console;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.world.ServicePort;
import io.tulle.testkit.Origin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run shows of its traffic, with a control plane, two sidecars and Node services that know nothing of it. */
final class ObservedMeshTest {
    /** Nest's own way with frames, in few words: it tells each message by emitting it on its socket. */
    private static final String NEST = """
            const net = require('net');
            function hear(s) {
              let t = '';
              s.setEncoding('utf8');
              s.on('data', d => {
                t += d;
                for (let m; (m = /^(\\d+)#/.exec(t)) && t.length >= m[0].length + Number(m[1]);) {
                  const json = t.slice(m[0].length, m[0].length + Number(m[1]));
                  t = t.slice(m[0].length + Number(m[1]));
                  s.emit('message', JSON.parse(json));
                }
              });
            }
            function say(s, packet) { const json = JSON.stringify(packet); s.write(json.length + '#' + json); }
            """;

    private static final String CART = NEST + """
            net.createServer(s => {
              hear(s);
              s.on('message', p => say(s, { response: p.data, isDisposed: true, id: p.id }));
            }).listen(4000);
            """;

    private static final String WEB = NEST + """
            const open = new Map();
            let cart, calls = 0;
            function toCart() {
              if (cart) return cart;
              cart = net.connect(4000, 'cart');
              hear(cart);
              cart.on('message', p => open.get(p.id)(p));
              return cart;
            }
            require('http').createServer((q, r) => {
              const id = String(++calls);
              open.set(id, p => r.end(JSON.stringify(p)));
              say(toCart(), { pattern: 'sum', data: q.url, id });
            }).listen(3000);
            """;

    private static final Pattern SPAN = Pattern.compile(
            "\"traceId\":\"(\\w+)\",\"spanId\":\"(\\w+)\"(?:,\"parentSpanId\":\"(\\w+)\")?,\"flags\":\\d+,\"name\":\"(\\w+)");
    private static final String CALLER = "00f067aa0ba902b7";

    @TempDir
    private Path folder;

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final List<Run> runs = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private Origin collector;
    private ControlPlane control;

    @BeforeEach
    void start() throws Exception {
        collector = Origin.start((request, connection) -> {
            received.add(request.body());
            return connection.ok("{}");
        });
        control = FolderControl.start(folder);
        run("cart", new ServicePort(4000, Protocol.NEST_TCP), CART, Map.of());
        run(
                "web",
                new ServicePort(3000, Protocol.HTTP),
                WEB,
                Map.of(3000, new RunSettings.Door("127.0.0.1", freePort())));
    }

    @AfterEach
    void stop() throws Exception {
        runs.reversed().forEach(Run::stop);
        runs.reversed().forEach(Run::close);
        control.close();
        collector.close();
        client.close();
    }

    /** Free a moment ago. */
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private void run(String service, ServicePort port, String script, Map<Integer, RunSettings.Door> doors)
            throws Exception {
        var settings = new RunSettings(
                service + "-1",
                new ServiceName("shop", service),
                service,
                new TreeMap<>(Map.of("version", "v1")),
                List.of(port),
                doors,
                List.of("node", "-e", script),
                folder,
                folder.resolve(service + "-1"),
                Capture.HOOK,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                RunSettings.Reach.USUAL,
                new TreeMap<>());
        var runtime = new Run.Surroundings("0.1.0", Clock.systemUTC(), new SecureRandom(), _ -> {});
        var to = URI.create("http://127.0.0.1:" + collector.port() + "/v1/traces");
        var wanted = new Watching.Wanted(
                Optional.of(folder.resolve(service + ".log")), Optional.of(new Watching.Traces(to, 0)));
        var run = Run.start(
                settings,
                RemoteLink.open(
                        folder.resolve("run"),
                        settings.member(),
                        runtime,
                        new RemoteLink.Joining(false, Remembered.NOTHING)),
                runtime,
                Watching.start(settings.member(), "test", "tulle", wanted),
                new Upkeep(new Console.OutputOnly(), new Restart.No()));
        runs.add(run);
        run.ready().get(30, TimeUnit.SECONDS);
    }

    private HttpRequest get(String path, String trace) {
        var door = (InetSocketAddress)
                runs.getLast().sidecar().boundAt("door|3000").orElseThrow();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.getPort() + path))
                .header("traceparent", "00-" + trace + "-" + CALLER + "-01")
                .timeout(Duration.ofSeconds(20))
                .build();
    }

    @Test
    void callsAtOnceOnAColdConnectionAreEachATraceThroughBothServices() throws Exception {
        var traces = IntStream.rangeClosed(1, 4)
                .mapToObj(n -> String.valueOf(n).repeat(32))
                .toList();
        var answers = traces.stream()
                .map(trace -> client.sendAsync(get("/" + trace, trace), BodyHandlers.ofString()))
                .toList();
        for (var answer : answers)
            assertEquals(200, answer.get(20, TimeUnit.SECONDS).statusCode());

        var spans = new HashSet<String>();
        while (spans.size() < 3 * traces.size()) {
            var batch = received.poll(20, TimeUnit.SECONDS);
            if (batch == null) throw new AssertionError("only these spans came: " + spans);
            SPAN.matcher(batch).results().forEach(found -> spans.add(found.group()));
        }
        for (var trace : traces) {
            var of = spans.stream()
                    .map(SPAN::matcher)
                    .filter(span -> span.matches() && span.group(1).equals(trace))
                    .toList();
            assertEquals(3, of.size(), "web serves, web calls, cart serves: " + spans);
            var ids = new HashSet<>(Set.of(CALLER));
            of.forEach(span -> ids.add(span.group(2)));
            of.forEach(span -> assertTrue(ids.contains(span.group(3)), span.group()));
            assertEquals(
                    1, of.stream().filter(span -> span.group(4).equals("GET")).count());
        }
    }

    @Test
    void bothEndsCountOneMessageUnderEachOthersNamesAndLogItWithoutAQuery() throws Exception {
        var trace = "a".repeat(32);
        assertEquals(
                200,
                client.send(get("/x?token=hush", trace), BodyHandlers.ofString())
                        .statusCode());
        var source = awaitLine(runs.getLast(), "istio_requests_total{", "request_protocol=\"nest-tcp\"");
        var destination = awaitLine(runs.getFirst(), "istio_requests_total{", "request_protocol=\"nest-tcp\"");
        for (var line : List.of(source, destination)) {
            assertTrue(line.endsWith(" 1.0"), line);
            for (var label : List.of(
                    "source_workload=\"web\"",
                    "source_app=\"web\"",
                    "source_version=\"v1\"",
                    "source_canonical_service=\"web\"",
                    "destination_workload=\"cart\"",
                    "destination_version=\"v1\"",
                    "destination_canonical_revision=\"v1\"",
                    "destination_principal=\"spiffe://tulle/ns/shop/sa/cart\"")) {
                assertTrue(line.contains(label), label + " is not in " + line);
            }
        }
        runs.reversed().forEach(Run::stop);
        runs.reversed().forEach(Run::close);
        var log = Files.readString(folder.resolve("web.log"));
        assertTrue(log.contains("\"GET /x HTTP/1.1\" 200") && log.contains("\"REQUEST /sum NestTCP\" 200"), log);
        assertFalse(log.contains("hush"), log);
    }

    /** A peer's name comes from the control plane a moment after its first call; until then nothing is shown. */
    private String awaitLine(Run run, String begin, String part) throws Exception {
        var page = URI.create("http://127.0.0.1:" + run.admin().orElseThrow().getPort() + "/stats/prometheus");
        var end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < end) {
            var text = client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
                    .body();
            var found = text.lines()
                    .filter(l -> l.startsWith(begin) && l.contains(part))
                    .findFirst();
            if (found.isPresent()) return found.get();
            received.poll(50, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError("no line " + begin + part);
    }
}
