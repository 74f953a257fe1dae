package io.tulle.it.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other names of services, who sees them, and destinations by address: between real sidecars, from Node under the hook. */
final class NamesAndAddressesTest {
    /** Says who asked, as the caller has proven it. */
    private static final String REVIEWS = "require('http').createServer((q, r) => r.end('reviews'"
            + " + /URI=[^;,]*/.exec(q.headers['x-forwarded-client-cert']))).listen(3000)";
    /** Asks the address that its path names. */
    private static final String WEB = "require('http').createServer((q, r) => fetch('http:/' + q.url)"
            + ".then(async a => r.end(a.status + ' ' + await a.text()), e => r.end('no ' + e.cause)))"
            + ".listen(3000)";

    private static final String FROM_WEB = "URI=spiffe://tulle/ns/shop/sa/web";
    private static final String FROM_DESK = "URI=spiffe://tulle/ns/office/sa/desk";

    @TempDir
    private Path folder;

    private LocalMesh mesh;
    private final Map<String, Run> runs = new HashMap<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() throws Exception {
        mesh = new LocalMesh(folder);
        var door = Map.of(3000, new RunSettings.Door("127.0.0.1", 0));
        run("shop", "reviews", REVIEWS, Map.of());
        run("shop", "web", WEB, door);
        run("office", "desk", WEB, door);
    }

    @AfterEach
    void stop() {
        runs.values().forEach(Run::stop);
        runs.values().forEach(Run::close);
        client.close();
    }

    @Test
    void anotherNameOfAServiceLeadsToItsInstancesAndHasRulesOfItsOwn() throws Exception {
        mesh.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: critics, namespace: office}
                spec: {type: ExternalName, externalName: reviews.shop.svc.cluster.local}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: critics, namespace: office}
                spec:
                  hosts: [critics]
                  http:
                  - match: [{uri: {prefix: /closed}}]
                    directResponse: {status: 410, body: {string: closed}}
                  - route: [{destination: {host: critics}}]
                """);

        assertEquals("200 reviews" + FROM_DESK, ask("desk", "critics:3000/open"), "over mutual TLS, as desk");
        assertEquals("410 closed", ask("desk", "critics:3000/closed"));
        assertEquals(
                "200 reviews" + FROM_DESK, ask("desk", "reviews.shop:3000/closed"), "its own name has no such rule");
        assertEquals("200 reviews" + FROM_WEB, ask("web", "critics.office:3000/open"));
    }

    @Test
    void aRouteHoldsForThoseWhoSeeIt() throws Exception {
        mesh.apply("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews, namespace: shop}
                spec:
                  exportTo: ["."]
                  hosts: [reviews]
                  http: [{directResponse: {status: 410, body: {string: closed}}}]
                """);

        assertEquals("410 closed", ask("web", "reviews:3000"));
        assertEquals("200 reviews" + FROM_DESK, ask("desk", "reviews.shop:3000"));
    }

    @Test
    void aServiceIsKnownToThoseWhoSeeIt() throws Exception {
        mesh.apply("""
                apiVersion: v1
                kind: Service
                metadata:
                  name: secret
                  namespace: shop
                  annotations: {networking.istio.io/exportTo: "."}
                spec: {selector: {app: reviews}, ports: [{name: http, port: 3000}]}
                """);

        assertEquals("200 reviews" + FROM_WEB, ask("web", "secret:3000"));
        assertTrue(ask("desk", "secret.shop:3000").startsWith("no "), "not even its name");
    }

    @Test
    void anAddressOfABlockLeadsToTheEndpointsOfItsEntry() throws Exception {
        try (var wide = new Place("wide");
                var narrow = new Place("narrow")) {
            mesh.apply("""
                    apiVersion: networking.istio.io/v1
                    kind: ServiceEntry
                    metadata: {name: wide, namespace: shop}
                    spec:
                      hosts: [wide.example.com]
                      addresses: [10.0.0.0/8]
                      resolution: STATIC
                      ports: [{number: 8080, protocol: HTTP, name: http}]
                      endpoints: [{address: 127.0.0.1, ports: {http: %d}}]
                    ---
                    apiVersion: networking.istio.io/v1
                    kind: ServiceEntry
                    metadata: {name: narrow, namespace: shop}
                    spec:
                      hosts: [narrow.example.com]
                      addresses: [10.77.0.0/16]
                      resolution: STATIC
                      ports: [{number: 8080, protocol: TCP, name: tcp}]
                      endpoints: [{address: 127.0.0.1, ports: {tcp: %d}}]
                    """.formatted(wide.port(), narrow.port()));

            awaitAnswer("200 wide", "10.1.2.3:8080");
            assertEquals("200 narrow", ask("web", "10.77.2.3:8080"), "the narrower block holds");
        }
    }

    @Test
    void withoutResolutionAnAddressOfABlockMeansItselfUnderTheRulesOfItsEntry() throws Exception {
        try (var first = new Place("first", "127.20.0.1", 0);
                var second = new Place("second", "127.20.0.2", first.port());
                var other = new Place("other", "127.21.0.1", 0)) {
            mesh.apply("""
                    apiVersion: networking.istio.io/v1
                    kind: ServiceEntry
                    metadata: {name: wide, namespace: shop}
                    spec:
                      hosts: [wide.example.com]
                      addresses: [127.20.0.0/16]
                      resolution: NONE
                      ports: [{number: %d, protocol: HTTP, name: http}]
                    ---
                    apiVersion: networking.istio.io/v1
                    kind: VirtualService
                    metadata: {name: wide, namespace: shop}
                    spec:
                      hosts: [wide.example.com]
                      http:
                      - match: [{uri: {prefix: /closed}}]
                        directResponse: {status: 410, body: {string: closed}}
                      - route: [{destination: {host: wide.example.com}}]
                    ---
                    apiVersion: networking.istio.io/v1
                    kind: ServiceEntry
                    metadata: {name: bytes, namespace: shop}
                    spec:
                      hosts: [bytes.example.com]
                      addresses: [127.21.0.0/16]
                      ports: [{number: %d, protocol: TCP, name: tcp}]
                    """.formatted(first.port(), other.port()));

            awaitAnswer("410 closed", "127.20.0.1:" + first.port() + "/closed");
            assertEquals("200 first", ask("web", "127.20.0.1:" + first.port()));
            assertEquals("200 second", ask("web", "127.20.0.2:" + second.port()));
            assertEquals("410 closed", ask("web", "127.20.0.2:" + second.port() + "/closed"));
            assertEquals("200 other", ask("web", "127.21.0.1:" + other.port()));
            assertTrue(
                    ask("web", "127.20.0.3:" + first.port()).startsWith("503 TUL1605"),
                    "nobody is there, and nobody else is asked instead");
            var counted = metrics("web");
            assertTrue(counted.contains("destination_service=\"wide.example.com\""), counted);
            assertTrue(counted.contains("destination_service=\"bytes.example.com\""), counted);
        }
    }

    /** Until the hook in web has heard of the address: before that it is dialled as it is. */
    private void awaitAnswer(String expected, String address) throws Exception {
        var end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        var answer = ask("web", address);
        while (!answer.equals(expected) && System.nanoTime() < end) answer = ask("web", address);
        assertEquals(expected, answer);
    }

    private String metrics(String asker) throws Exception {
        var admin = Optional.ofNullable(runs.get(asker)).orElseThrow().admin().orElseThrow();
        var page = URI.create("http://127.0.0.1:" + admin.getPort() + "/stats/prometheus");
        return client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Something outside the mesh that says its name. */
    private record Place(HttpServer server) implements AutoCloseable {
        Place(String name) throws IOException {
            this(name, "127.0.0.1", 0);
        }

        Place(String name, String address, int port) throws IOException {
            this(HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(address), port), 0));
            server.createContext("/", asked -> {
                asked.sendResponseHeaders(200, name.length());
                asked.getResponseBody().write(name.getBytes(StandardCharsets.US_ASCII));
                asked.close();
            });
            server.start();
        }

        int port() {
            return server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private String ask(String asker, String address) throws Exception {
        var sidecar = Optional.ofNullable(runs.get(asker)).orElseThrow().sidecar();
        var door = (InetSocketAddress) sidecar.boundAt("door|3000").orElseThrow();
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.getPort() + "/" + address))
                .timeout(Duration.ofSeconds(20))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private void run(String namespace, String service, String script, Map<Integer, RunSettings.Door> doors)
            throws Exception {
        var instance = service + "-1";
        var settings = new RunSettings(
                instance,
                new ServiceName(namespace, service),
                service,
                new TreeMap<>(),
                List.of(new ServicePort(3000, Protocol.HTTP)),
                doors,
                List.of("node", "-e", script),
                folder,
                folder.resolve(instance),
                Capture.HOOK,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                RunSettings.Reach.USUAL,
                new TreeMap<>());
        var run = Run.start(
                settings,
                mesh.link(namespace, instance, service),
                new Run.Surroundings("0.1.0", Clock.systemUTC(), new SecureRandom(), _ -> {}),
                Watching.start(settings.member(), "test", "tulle", Optional.empty()),
                new Upkeep(new Console.OutputOnly(), new Restart.No()));
        runs.put(service, run);
        run.ready().get(30, TimeUnit.SECONDS);
    }
}
