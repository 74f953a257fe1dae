package io.tulle.it.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unmodified Node services through two real sidecars: a published door, the hook, mutual TLS, policies changed live. */
final class FirstSliceTest {
    private static final String CATALOG =
            "require('http').createServer((q, r) => r.end(process.env.VERSION + ' ' + q.url)).listen(3000)";
    private static final String WEB = "require('http').createServer(async (q, r) => {"
            + " const a = await fetch('http://catalog:3000' + q.url, { headers: { user: q.headers.user || '' } });"
            + " r.statusCode = a.status; r.end(await a.text()) }).listen(3000)";
    /** Asks for the host of its path: by itself, or, for a path of two parts, by a process that it starts then. */
    private static final String ASKER = "const ask = host => fetch('http://' + host + ':3000/').then(a => a.text());"
            + " const { execFile } = require('child_process');"
            + " require('http').createServer((q, r) => { const [, host, child] = q.url.split('/');"
            + " if (child) execFile(process.execPath, ['-p', 'fetch(\"http://' + host + ':3000/\").then(a => a.text())"
            + ".then(t => console.log(t), e => console.log(\"no\", e.cause))'], (e, out) => r.end(out));"
            + " else ask(host).then(t => r.end(t), e => r.end('no ' + e.cause)) }).listen(3000)";

    @TempDir
    private Path folder;

    private LocalMesh mesh;
    private final List<Run> runs = new java.util.ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() throws Exception {
        mesh = new LocalMesh(folder);
        run("catalog-1", "catalog", CATALOG, "v1", Map.of());
        run("catalog-2", "catalog", CATALOG, "v2", Map.of());
        run("web-1", "web", WEB, "v1", Map.of(3000, new RunSettings.Door("127.0.0.1", 0)));
    }

    @AfterEach
    void stop() {
        runs.reversed().forEach(Run::stop);
        runs.reversed().forEach(Run::close);
        client.close();
    }

    @Test
    void servicesThatKnowNothingOfTheMeshTalkThroughIt() throws Exception {
        var seen = new HashMap<String, Integer>();
        for (var i = 0; i < 40; i++) {
            var answer = get("/list", "");
            assertEquals(200, answer.statusCode(), answer.body());
            seen.merge(answer.body(), 1, Integer::sum);
        }
        assertEquals(java.util.Set.of("v1 /list", "v2 /list"), seen.keySet());
    }

    @Test
    void aRouteChangesLiveAndAnUnknownPathGetsItsReason() throws Exception {
        mesh.apply("""
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: catalog, namespace: shop}
                spec:
                  host: catalog
                  subsets:
                  - {name: v1, labels: {version: v1}}
                  - {name: v2, labels: {version: v2}}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: catalog, namespace: shop}
                spec:
                  hosts: [catalog]
                  http:
                  - match: [{headers: {user: {exact: ada}}}]
                    route: [{destination: {host: catalog, subset: v2}}]
                  - match: [{uri: {prefix: /list}}]
                    route: [{destination: {host: catalog, subset: v1}}]
                """);

        for (var i = 0; i < 20; i++) {
            assertEquals("v2 /list", get("/list", "ada").body());
            assertEquals("v1 /list", get("/list", "bob").body());
        }
        var none = get("/other", "bob");
        assertEquals(404, none.statusCode());
        assertTrue(none.body().contains("TUL16"), none.body());
    }

    @Test
    void aDenialReachesTheCallerWithACode() throws Exception {
        mesh.apply("""
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: no-admin, namespace: shop}
                spec:
                  selector: {matchLabels: {app: catalog}}
                  action: DENY
                  rules:
                  - from: [{source: {principals: [tulle/ns/shop/sa/web]}}]
                    to: [{operation: {paths: [/admin]}}]
                """);

        assertEquals(200, get("/list", "").statusCode());
        var denied = get("/admin", "");
        assertEquals(403, denied.statusCode());
        assertTrue(denied.body().contains("TUL16"), denied.body());
        assertEquals(403, get("/%61dmin", "").statusCode(), "the same path in another spelling");
    }

    @Test
    void aServiceThatAppearsLaterIsFoundWithoutARestart() throws Exception {
        run("asker-1", "asker", ASKER, "v1", Map.of(3000, new RunSettings.Door("127.0.0.1", 0)));
        var asker = runs.getLast();
        assertTrue(get(asker, "/late", "").body().startsWith("no "), "nobody has that name yet");

        run("late-1", "late", CATALOG, "v9", Map.of());

        // The hook hears of it a moment after the sidecar does; what is asked before then fails at once.
        var end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!get(asker, "/late", "").body().equals("v9 /") && System.nanoTime() < end) Thread.onSpinWait();
        assertEquals("v9 /", get(asker, "/late", "").body());
        assertTrue(get(asker, "/late/child", "").body().contains("v9 /"), "a process that started afterwards");
    }

    private static Run await(Run run) throws Exception {
        run.ready().get(30, TimeUnit.SECONDS);
        return run;
    }

    private HttpResponse<String> get(String path, String user) throws Exception {
        return get(runs.get(2), path, user);
    }

    private HttpResponse<String> get(Run web, String path, String user) throws Exception {
        var door = (InetSocketAddress) web.sidecar().boundAt("door|3000").orElseThrow();
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.getPort() + path))
                .header("user", user.isEmpty() ? "nobody" : user)
                .timeout(Duration.ofSeconds(20))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private void run(
            String instance, String service, String script, String version, Map<Integer, RunSettings.Door> doors)
            throws Exception {
        await(start(instance, service, script, version, doors));
    }

    private Run start(
            String instance, String service, String script, String version, Map<Integer, RunSettings.Door> doors) {
        var settings = new RunSettings(
                instance,
                new ServiceName("shop", service),
                service,
                new TreeMap<>(Map.of("version", version)),
                List.of(new ServicePort(3000, Protocol.HTTP)),
                doors,
                List.of("env", "VERSION=" + version, "node", "-e", script),
                folder,
                folder.resolve(instance),
                Capture.HOOK,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                RunSettings.Reach.USUAL,
                new TreeMap<>());
        var run = Run.start(
                settings,
                mesh.link(instance, service),
                new Run.Surroundings("0.1.0", Clock.systemUTC(), new SecureRandom(), _ -> {}),
                Watching.start(settings.member(), "test", "tulle", java.util.Optional.empty()),
                new Upkeep(new Console.OutputOnly(), new Restart.No()));
        runs.add(run);
        return run;
    }
}
