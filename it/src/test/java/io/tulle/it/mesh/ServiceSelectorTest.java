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

/** Services that choose instances of another service by their labels, over mutual TLS between real sidecars. */
final class ServiceSelectorTest {
    /** Says its version and the identity that its caller has proven. */
    private static final String REVIEWS = "require('http').createServer((q, r) => r.end(process.env.VERSION + ' '"
            + " + /URI=[^;,]*/.exec(q.headers['x-forwarded-client-cert']))).listen(3000)";
    /** Asks the address that its path names. */
    private static final String WEB = "require('http').createServer((q, r) => fetch('http:/' + q.url)"
            + ".then(async a => { r.statusCode = a.status; r.end(await a.text()) }, e => r.end('no ' + e.cause)))"
            + ".listen(3000)";

    private static final String FROM_WEB = " URI=spiffe://tulle/ns/shop/sa/web";

    @TempDir
    private Path folder;

    private LocalMesh mesh;
    private final List<Run> runs = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() throws Exception {
        mesh = new LocalMesh(folder);
        run("reviews-1", "reviews", REVIEWS, "v1", Map.of());
        run("reviews-2", "reviews", REVIEWS, "v2", Map.of());
        run("web-1", "web", WEB, "v1", Map.of(3000, new RunSettings.Door("127.0.0.1", 0)));
    }

    @AfterEach
    void stop() {
        runs.reversed().forEach(Run::stop);
        runs.reversed().forEach(Run::close);
        client.close();
    }

    @Test
    void aServiceChoosesInstancesOfAnotherByTheirLabels() throws Exception {
        mesh.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: reviews-v1, namespace: shop}
                spec:
                  selector: {app: reviews, version: v1}
                  ports: [{name: http, port: 3000}]
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: reviews-v2, namespace: shop}
                spec:
                  selector: {app: reviews, version: v2}
                  ports: [{name: http, port: 80, targetPort: 3000}]
                """);

        for (var i = 0; i < 10; i++) {
            assertEquals("v1" + FROM_WEB, ask("reviews-v1:3000"));
            assertEquals("v2" + FROM_WEB, ask("reviews-v2:80"), "its port is 80, the application's 3000");
            assertTrue(ask("reviews:3000").endsWith(FROM_WEB), "the service that the instances name stays as it is");
        }
    }

    @Test
    void aCanaryMayBeAServiceOfItsOwn() throws Exception {
        mesh.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: reviews-v2, namespace: shop}
                spec: {selector: {app: reviews, version: v2}, ports: [{name: http, port: 3000}]}
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: reviews, namespace: shop}
                spec:
                  parentRefs: [{group: "", kind: Service, name: reviews}]
                  rules: [{backendRefs: [{name: reviews-v2, port: 3000}]}]
                """);

        for (var i = 0; i < 10; i++) assertEquals("v2" + FROM_WEB, ask("reviews:3000"));
    }

    @Test
    void aSelectorHoldsForInstancesThatNameTheServiceToo() throws Exception {
        mesh.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: reviews, namespace: shop}
                spec: {selector: {app: reviews, version: v2}, ports: [{name: http, port: 3000}]}
                """);

        for (var i = 0; i < 10; i++) assertEquals("v2" + FROM_WEB, ask("reviews:3000"));
    }

    private String ask(String address) throws Exception {
        var door = (InetSocketAddress)
                runs.getLast().sidecar().boundAt("door|3000").orElseThrow();
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.getPort() + "/" + address))
                .timeout(Duration.ofSeconds(20))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private void run(
            String instance, String service, String script, String version, Map<Integer, RunSettings.Door> doors)
            throws Exception {
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
                Watching.start(settings.member(), "test", "tulle", Optional.empty()),
                new Upkeep(new Console.OutputOnly(), new Restart.No()));
        runs.add(run);
        run.ready().get(30, TimeUnit.SECONDS);
    }
}
