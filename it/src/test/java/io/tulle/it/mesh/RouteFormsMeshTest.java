package io.tulle.it.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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

/** What a route does to the requests of one Node service on their way to another, seen from outside. */
final class RouteFormsMeshTest {
    /** Tells what it got, under a name of its own. */
    private static final String CATALOG = """
            require('http').createServer((q, r) => {
              r.setHeader('access-control-allow-origin', 'https://its.own');
              r.setHeader('x-total', '7');
              r.end(process.env.NAME + ' ' + q.method + ' ' + q.headers.host + ' ' + q.url);
            }).listen(3000);
            """;

    /** Sends on what the header x-call says, and tells what came back: the status, all headers, the body. */
    private static final String WEB = """
            const http = require('http');
            http.createServer((q, r) => {
              const call = JSON.parse(q.headers['x-call']);
              http.request({ port: 3000, host: 'catalog', ...call }, a => {
                let body = '';
                a.on('data', d => body += d);
                a.on('end', () => r.end([a.statusCode,
                  ...Object.keys(a.headers).sort().map(n => n + ': ' + a.headers[n]), '', body].join('\\n')));
              }).end();
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
        run("catalog", CATALOG, Map.of());
        run("web", WEB, Map.of(3000, new RunSettings.Door("127.0.0.1", 0)));
    }

    @AfterEach
    void stop() {
        runs.reversed().forEach(Run::stop);
        runs.reversed().forEach(Run::close);
        client.close();
    }

    @Test
    void thePageOfAnotherOriginIsToldWhatItMayDoAndItsPreflightReachesNoApplication() throws Exception {
        mesh.apply("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: catalog, namespace: shop}
                spec:
                  parentRefs: [{group: "", kind: Service, name: catalog}]
                  rules:
                  - matches: [{path: {value: /gone}}]
                    filters: [{type: CORS, cors: {allowOrigins: ["https://*.example.com"]}}]
                    backendRefs: [{name: nobody, port: 3000}]
                  - filters:
                    - type: CORS
                      cors:
                        allowOrigins: ["https://*.example.com"]
                        allowMethods: [GET, PUT]
                        allowHeaders: ["*"]
                        exposeHeaders: [x-total]
                        allowCredentials: true
                    backendRefs: [{name: catalog, port: 3000}]
                """);

        var actual = call("{\"path\":\"/items\",\"headers\":{\"origin\":\"https://a.example.com\"}}");
        assertEquals("200", actual.getFirst());
        assertEquals("catalog GET catalog:3000 /items", actual.getLast());
        assertTrue(actual.contains("access-control-allow-origin: https://a.example.com"), actual::toString);
        assertTrue(actual.contains("access-control-allow-credentials: true"), actual::toString);
        assertTrue(actual.contains("access-control-expose-headers: x-total"), actual::toString);

        var preflight = call("""
                {"method":"OPTIONS","path":"/items","headers":{"origin":"https://a.example.com",
                "access-control-request-method":"PUT","access-control-request-headers":"x-user"}}""");
        assertEquals("200", preflight.getFirst());
        assertEquals("", preflight.getLast());
        assertTrue(preflight.contains("access-control-allow-methods: GET,PUT"), preflight::toString);
        assertTrue(preflight.contains("access-control-allow-headers: x-user"), preflight::toString);
        assertTrue(preflight.contains("access-control-max-age: 5"), preflight::toString);

        var foreign = call("""
                {"method":"OPTIONS","path":"/items","headers":{"origin":"https://evil.org","access-control-request-method":"PUT"}}""");
        assertEquals("200", foreign.getFirst());
        assertFalse(foreign.toString().contains("access-control"), foreign::toString);

        var others = call("{\"path\":\"/items\",\"headers\":{\"origin\":\"https://evil.org\"}}");
        assertTrue(others.contains("access-control-allow-origin: https://its.own"), others::toString);

        var gone = call("{\"path\":\"/gone\",\"headers\":{\"origin\":\"https://a.example.com\"}}");
        assertEquals("500", gone.getFirst());
        assertTrue(gone.contains("access-control-allow-origin: https://a.example.com"), gone::toString);
    }

    /** What the web service heard of the call that it was asked to make, a line each. */
    private List<String> call(String call) throws Exception {
        var door = (InetSocketAddress)
                runs.getLast().sidecar().boundAt("door|3000").orElseThrow();
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.getPort() + "/"))
                .header("x-call", call.replace("\n", ""))
                .timeout(Duration.ofSeconds(20))
                .build();
        return List.of(client.send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .split("\n", -1));
    }

    private void run(String service, String script, Map<Integer, RunSettings.Door> doors) throws Exception {
        var settings = new RunSettings(
                service + "-1",
                new ServiceName("shop", service),
                service,
                new TreeMap<>(),
                List.of(new ServicePort(3000, Protocol.HTTP)),
                doors,
                List.of("env", "NAME=" + service, "node", "-e", script),
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
                Watching.start(settings, "test", "tulle", Optional.empty()),
                new Upkeep(new Console.OutputOnly(), new Restart.No()));
        runs.add(run);
        run.ready().get(30, TimeUnit.SECONDS);
    }
}
