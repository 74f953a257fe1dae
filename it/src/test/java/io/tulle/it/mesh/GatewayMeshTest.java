package io.tulle.it.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.agent.gateway.GatewayRun;
import io.tulle.agent.gateway.GatewaySettings;
import io.tulle.agent.run.Member;
import io.tulle.agent.run.Remembered;
import io.tulle.agent.run.RemoteLink;
import io.tulle.agent.run.Run;
import io.tulle.agent.run.RunSettings;
import io.tulle.agent.run.Upkeep;
import io.tulle.agent.run.Watching;
import io.tulle.cli.api.Mesh;
import io.tulle.control.ControlPlane;
import io.tulle.control.ControlPlaneSettings;
import io.tulle.dialects.ResourceReader;
import io.tulle.dialects.compose.ComposeService.Restart;
import io.tulle.dialects.reader.Reader;
import io.tulle.launch.capture.Capture;
import io.tulle.launch.process.Console;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.world.ServicePort;
import io.tulle.testkit.TestLeaf;
import io.tulle.testkit.TestPki;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers from outside through a real gateway to Node services behind real sidecars, by a real control plane. */
final class GatewayMeshTest {
    private static final String ORIGIN = """
            require('http').createServer((q, r) => r.end([process.env.NAME, q.headers.host, q.headers['x-forwarded-proto'], q.url].join(' '))).listen(3000);
            """;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    @TempDir
    private Path folder;

    private final List<Run> runs = new ArrayList<>();
    private final TestPki pki = TestPki.create();
    private ControlPlane control;
    private GatewayRun gateway;

    @BeforeEach
    void start() throws Exception {
        control = FolderControl.start(folder);
        run("catalog");
        run("cart");
        gateway = gateway("web", Map.of());
    }

    @AfterEach
    void stop() {
        gateway.close();
        runs.reversed().forEach(Run::stop);
        runs.reversed().forEach(Run::close);
        control.close();
    }

    @Test
    void aGatewayLeadsByHostAndPathAndIsolatesItsListeners() throws Exception {
        apply("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata: {name: web, namespace: shop}
                spec:
                  gatewayClassName: tulle
                  listeners:
                  - {name: shop, port: 80, protocol: HTTP, hostname: "*.example.com"}
                  - {name: admin, port: 80, protocol: HTTP, hostname: admin.example.com}
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: shop, namespace: shop}
                spec:
                  parentRefs: [{name: web, sectionName: shop}]
                  rules:
                  - matches: [{path: {type: PathPrefix, value: /cart}}]
                    backendRefs: [{name: cart, port: 3000}]
                  - backendRefs: [{name: catalog, port: 3000}]
                """);

        until(() -> plain("shop.example.com", "/cart/1").text().contains("cart shop.example.com http /cart/1"));
        assertTrue(plain("shop.example.com:80", "/").text().contains("catalog shop.example.com:80 http /"));
        assertEquals(404, plain("admin.example.com", "/").status(), "another listener's, with no route");
        assertEquals(404, plain("example.com", "/").status(), "nobody's");
    }

    @Test
    void tlsEndsWithTheCertificateOfTheNameThatIsAskedForAndChangesWithItsSecret() throws Exception {
        apply("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata: {name: web, namespace: shop}
                spec:
                  gatewayClassName: tulle
                  listeners:
                  - {name: a, port: 443, protocol: HTTPS, hostname: a.example.com, tls: {certificateRefs: [{name: a}]}}
                  - {name: b, port: 443, protocol: HTTPS, hostname: b.example.com, tls: {certificateRefs: [{name: b}]}}
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: shop, namespace: shop}
                spec:
                  parentRefs: [{name: web}]
                  rules:
                  - backendRefs: [{name: catalog, port: 3000}]
                """ + secret("a", leaf("a.example.com")) + secret("b", leaf("b.example.com")));

        until(() -> secured("a.example.com", "a.example.com").text().contains("catalog a.example.com https /"));
        assertEquals("a.example.com", nameOf(secured("a.example.com", "a.example.com")));
        assertEquals("b.example.com", nameOf(secured("b.example.com", "b.example.com")));
        assertEquals(421, secured("a.example.com", "b.example.com").status(), "the connection is another host's");

        var newer = leaf("a.example.com");
        apply(secret("a", newer).substring("---\n".length()));
        until(() -> secured("a.example.com", "a.example.com").shown().equals(Optional.of(newer.certificate())));
    }

    @Test
    void istiosGatewayAndVirtualServiceLeadToo() throws Exception {
        apply("""
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: bookinfo, namespace: shop}
                spec:
                  selector: {istio: web}
                  servers:
                  - port: {number: 80, name: http, protocol: HTTP}
                    hosts: ["*"]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: bookinfo, namespace: shop}
                spec:
                  hosts: ["*"]
                  gateways: [bookinfo]
                  http:
                  - match: [{uri: {prefix: /cart}}]
                    rewrite: {uri: /}
                    route: [{destination: {host: cart, port: {number: 3000}}}]
                  - route: [{destination: {host: catalog}}]
                """);

        until(() -> plain("whoever.example", "/cart/1").text().contains("cart whoever.example http /1"));
        assertTrue(plain("whoever.example", "/x").text().contains("catalog whoever.example http /x"));
    }

    @Test
    void tlsIsPassedThroughByTheNameThatIsAskedForAndConnectionsGoWhereTheirPortLeads() throws Exception {
        var own = leaf("pay.example.com");
        Files.writeString(folder.resolve("pay.pem"), own.certificatePem());
        Files.writeString(folder.resolve("pay.key"), own.keyPem());
        run("pay", new ServicePort(8443, Protocol.TCP), """
                const fs = require('fs');
                require('https').createServer({ cert: fs.readFileSync('pay.pem'), key: fs.readFileSync('pay.key') },
                  (q, r) => r.end('pay itself')).listen(8443);
                """);
        run("book", new ServicePort(7000, Protocol.TCP), """
                require('net').createServer(s => s.once('data', d => s.end('HTTP/1.1 200 OK\\r\\n\\r\\nbook heard ' + d))).listen(7000);
                """);
        apply("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata: {name: web, namespace: shop}
                spec:
                  gatewayClassName: tulle
                  listeners:
                  - {name: tls, port: 443, protocol: TLS, hostname: "*.example.com", tls: {mode: Passthrough}}
                  - {name: tcp, port: 80, protocol: TCP}
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: TLSRoute
                metadata: {name: pay, namespace: shop}
                spec:
                  parentRefs: [{name: web, sectionName: tls}]
                  hostnames: [pay.example.com]
                  rules: [{backendRefs: [{name: pay, port: 8443}]}]
                ---
                apiVersion: gateway.networking.k8s.io/v1alpha2
                kind: TCPRoute
                metadata: {name: book, namespace: shop}
                spec:
                  parentRefs: [{name: web, sectionName: tcp}]
                  rules: [{backendRefs: [{name: book, port: 7000}]}]
                """);

        until(() -> secured("pay.example.com", "pay.example.com").text().contains("pay itself"));
        assertEquals(
                own.certificate(), secured("pay.example.com", "any").shown().orElseThrow(), "TLS ends at the service");
        assertThrows(IOException.class, () -> secured("else.example.com", "any"), "no route for the name");
        until(() -> plain("whoever", "/").text().contains("book heard GET /"));
    }

    @Test
    void whatADestinationHashesIsHashedAtTheGatewayToo() throws Exception {
        apply("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata: {name: web, namespace: shop}
                spec:
                  gatewayClassName: tulle
                  listeners: [{name: shop, port: 80, protocol: HTTP}]
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: shop, namespace: shop}
                spec:
                  parentRefs: [{name: web}]
                  rules:
                  - matches: [{path: {type: PathPrefix, value: /cart}}]
                    backendRefs: [{name: cart, port: 3000}]
                    sessionPersistence: {type: Cookie, cookie: {name: home}}
                  - backendRefs: [{name: catalog, port: 3000}]
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: catalog, namespace: shop}
                spec:
                  host: catalog
                  trafficPolicy:
                    loadBalancer: {consistentHash: {httpCookie: {name: stay, ttl: 0s}}}
                """);

        until(() -> plain("shop.example.com", "/").text().contains("set-cookie: stay="));
        assertTrue(plain("shop.example.com", "/cart").text().contains("set-cookie: home="));
    }

    private Asked plain(String host, String path) throws IOException {
        return Asked.plain(door(HTTP), host, path);
    }

    private Asked secured(String serverName, String host) throws IOException {
        return Asked.secured(door(HTTPS), serverName, host, "/");
    }

    private InetSocketAddress door(int port) throws IOException {
        return Optional.ofNullable(gateway.doors().get(port)).orElseThrow(() -> new IOException("no door " + port));
    }

    private static String nameOf(Asked asked) throws Exception {
        return String.valueOf(asked.shown()
                .orElseThrow()
                .getSubjectAlternativeNames()
                .iterator()
                .next()
                .get(1));
    }

    private TestLeaf leaf(String name) {
        return pki.leaf(List.of(), List.of(name), TestPki.Shape.GOOD);
    }

    private static String secret(String name, TestLeaf leaf) throws Exception {
        return """
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: %s, namespace: shop}
                type: kubernetes.io/tls
                data: {tls.crt: %s, tls.key: %s}
                """.formatted(name, base64(leaf.certificatePem()), base64(leaf.keyPem()));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void apply(String yaml) {
        var read = ResourceReader.read(new Reader().yaml("test.yaml", yaml), "shop");
        assertTrue(read.isClean(), () -> read.problems().toString());
        try (var api = new Mesh(folder.resolve("run").resolve(ControlPlaneSettings.API_SOCKET))) {
            api.apply(read.resources(), List.of(), false);
        }
    }

    /** Asks again, each question taking its own time, until it is so. */
    private static void until(Callable<Boolean> so) throws Exception {
        var end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (true) {
            try {
                if (so.call()) return;
            } catch (IOException notYet) {
                if (System.nanoTime() > end) throw notYet;
            }
            assertTrue(System.nanoTime() < end, "not so after 40 seconds");
        }
    }

    private GatewayRun gateway(String name, Map<String, String> labels) {
        var all = new TreeMap<>(labels);
        all.put("istio", name);
        var member = new Member(name, new ServiceName("shop", name), name, all);
        var runtime = new Run.Surroundings("0.1.0", Clock.systemUTC(), new SecureRandom(), _ -> {});
        return GatewayRun.start(
                new GatewaySettings(
                        member,
                        InetAddress.ofLiteral("127.0.0.1"),
                        Map.of(HTTP, 0, HTTPS, 0),
                        RunSettings.Reach.USUAL,
                        Duration.ofSeconds(5),
                        2),
                RemoteLink.open(
                        folder.resolve("run"), member, runtime, new RemoteLink.Joining(false, Remembered.NOTHING)),
                runtime,
                Watching.start(member, "test", "tulle", Optional.empty()));
    }

    private void run(String service) throws Exception {
        run(service, new ServicePort(3000, Protocol.HTTP), ORIGIN);
    }

    private void run(String service, ServicePort port, String script) throws Exception {
        var settings = new RunSettings(
                service + "-1",
                new ServiceName("shop", service),
                service,
                new TreeMap<>(),
                List.of(port),
                Map.of(),
                List.of("env", "NAME=" + service, "node", "-e", script),
                folder,
                folder.resolve(service + "-1"),
                Capture.HOOK,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                RunSettings.Reach.USUAL,
                new TreeMap<>());
        var runtime = new Run.Surroundings("0.1.0", Clock.systemUTC(), new SecureRandom(), _ -> {});
        var run = Run.start(
                settings,
                RemoteLink.open(
                        folder.resolve("run"),
                        settings.member(),
                        runtime,
                        new RemoteLink.Joining(false, Remembered.NOTHING)),
                runtime,
                Watching.start(settings.member(), "test", "tulle", Optional.empty()),
                new Upkeep(new Console.OutputOnly(), new Restart.No()));
        runs.add(run);
        run.ready().get(30, TimeUnit.SECONDS);
    }
}
