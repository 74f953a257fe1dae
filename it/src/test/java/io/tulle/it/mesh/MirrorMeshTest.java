package io.tulle.it.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.agent.run.Run;
import io.tulle.agent.run.RunSettings;
import io.tulle.agent.run.Upkeep;
import io.tulle.agent.run.Watching;
import io.tulle.dialects.compose.ComposeService.Restart;
import io.tulle.launch.capture.Capture;
import io.tulle.launch.process.Console;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.world.ServicePort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies from the caller's sidecar to the mirror's, over mutual TLS: Node services that know nothing of it. */
final class MirrorMeshTest {
    /** Notes what it hears in a file, and answers with its own name. */
    private static final String HTTP = """
            const note = t => require('fs').appendFileSync(process.env.SEEN, t + '\\n');
            require('http').createServer((q, r) => {
              let body = '';
              q.on('data', d => body += d);
              q.on('end', () => {
                note([q.method, q.url, q.headers.host, body].join(' '));
                r.end(process.env.NAME);
              });
            }).listen(3000);
            """;

    private static final String NEST = """
            const note = t => require('fs').appendFileSync(process.env.SEEN, t + '\\n');
            function hear(s, got) {
              let t = '';
              s.setEncoding('utf8');
              s.on('error', () => {});
              s.on('data', d => {
                t += d;
                for (let m; (m = /^(\\d+)#/.exec(t)) && t.length >= m[0].length + Number(m[1]);) {
                  const json = t.slice(m[0].length, m[0].length + Number(m[1]));
                  t = t.slice(m[0].length + Number(m[1]));
                  got(JSON.parse(json));
                }
              });
            }
            function say(s, packet) { const json = JSON.stringify(packet); s.write(json.length + '#' + json); }
            """;

    private static final String CART = NEST + """
            require('net').createServer(s => hear(s, p => {
              note(p.pattern + ' ' + p.data);
              if (p.id) say(s, { response: process.env.NAME, isDisposed: true, id: p.id });
            })).listen(4000);
            """;

    /** GET /http asks the catalog, /call and /event the cart. */
    private static final String WEB = NEST + """
            const net = require('net');
            const open = new Map();
            let calls = 0;
            const cart = net.connect(4000, 'cart');
            hear(cart, p => open.get(p.id)(p.response));
            require('http').createServer(async (q, r) => {
              if (q.url === '/http') {
                const a = await fetch('http://catalog:3000/items', { method: 'POST', body: 'one' });
                r.end(await a.text());
              } else if (q.url === '/call') {
                const id = String(++calls);
                open.set(id, t => r.end(t));
                say(cart, { pattern: 'sum', data: 7, id });
              } else {
                say(cart, { pattern: 'bought', data: 8 });
                r.end('said');
              }
            }).listen(3000);
            """;

    @TempDir
    private Path folder;

    private LocalMesh mesh;
    private final List<Run> runs = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() throws Exception {
        mesh = new LocalMesh(folder);
        run("catalog", new ServicePort(3000, Protocol.HTTP), HTTP, Map.of());
        run("catalog-trial", new ServicePort(3000, Protocol.HTTP), HTTP, Map.of());
        run("cart", new ServicePort(4000, Protocol.NEST_TCP), CART, Map.of());
        run("cart-trial", new ServicePort(4000, Protocol.NEST_TCP), CART, Map.of());
        run("web", new ServicePort(3000, Protocol.HTTP), WEB, Map.of(3000, new RunSettings.Door("127.0.0.1", 0)));
    }

    @AfterEach
    void stop() {
        runs.reversed().forEach(Run::stop);
        runs.reversed().forEach(Run::close);
        client.close();
    }

    @Test
    void mirrorsHearEachRequestAndEachMessageAndTheCallerHearsOnlyWhomItAsked() throws Exception {
        mesh.apply("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: catalog, namespace: shop}
                spec:
                  parentRefs: [{group: "", kind: Service, name: catalog}]
                  rules:
                  - backendRefs: [{name: catalog, port: 3000}]
                    filters:
                    - {type: RequestMirror, requestMirror: {backendRef: {name: catalog-trial, port: 3000}}}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: cart, namespace: shop}
                spec:
                  hosts: [cart]
                  http:
                  - route: [{destination: {host: cart}}]
                    mirror: {host: cart-trial}
                """);

        for (var i = 0; i < 5; i++) assertEquals("catalog", get("/http"));
        for (var i = 0; i < 5; i++) assertEquals("cart", get("/call"));
        assertEquals("said", get("/event"));

        assertEquals(List.of("POST /items catalog:3000 one"), seen("catalog", 5));
        assertEquals(List.of("POST /items catalog:3000 one"), seen("catalog-trial", 5));
        assertEquals(List.of("bought 8", "sum 7"), seen("cart", 6));
        assertEquals(List.of("bought 8", "sum 7"), seen("cart-trial", 6));
    }

    /** What a service noted, each once, as soon as it has noted so much. */
    private List<String> seen(String service, int lines) throws IOException {
        var end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        var file = folder.resolve(service + ".seen");
        while (System.nanoTime() < end) {
            var noted = Files.exists(file) ? Files.readAllLines(file) : List.<String>of();
            if (noted.size() >= lines) {
                assertEquals(lines, noted.size());
                return noted.stream().distinct().sorted().toList();
            }
            Thread.onSpinWait();
        }
        throw new AssertionError(service + " has not heard " + lines + " times");
    }

    private String get(String path) throws Exception {
        var door = (InetSocketAddress)
                runs.getLast().sidecar().boundAt("door|3000").orElseThrow();
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.getPort() + path))
                .timeout(Duration.ofSeconds(20))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private void run(String service, ServicePort port, String script, Map<Integer, RunSettings.Door> doors)
            throws Exception {
        var seen = folder.resolve(service + ".seen");
        var settings = new RunSettings(
                service + "-1",
                new ServiceName("shop", service),
                service,
                new TreeMap<>(),
                List.of(port),
                doors,
                List.of("env", "NAME=" + service, "SEEN=" + seen, "node", "-e", script),
                folder,
                folder.resolve(service + "-1"),
                Capture.HOOK,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                RunSettings.Reach.USUAL,
                new TreeMap<>());
        var run = Run.start(
                settings,
                mesh.link(service + "-1", service),
                new Run.Surroundings("0.1.0", Clock.systemUTC(), new SecureRandom(), _ -> {}),
                Watching.start(settings.member(), "test", "tulle", Optional.empty()),
                new Upkeep(new Console.OutputOnly(), new Restart.No()));
        runs.add(run);
        run.ready().get(30, TimeUnit.SECONDS);
    }
}
