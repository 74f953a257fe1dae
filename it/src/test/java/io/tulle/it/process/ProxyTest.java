package io.tulle.it.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.SpiffeId;
import io.tulle.testkit.Origin;
import io.tulle.testkit.TestPki;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A proxy that stands alone, as a process, from files. */
@Timeout(value = 400, unit = TimeUnit.SECONDS)
final class ProxyTest {
    @TempDir
    private Path folder;

    private TulleHome tulle;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() throws Exception {
        tulle = new TulleHome(folder);
    }

    @AfterEach
    void stop() {
        tulle.close();
        client.close();
    }

    @Test
    void plainHttpGoesThroughAndAChangedFileIsFollowedAndABadOneIsNot() throws Exception {
        try (var origin = Origin.saying("well")) {
            var config = config(origin, "");
            var proxy = tulle.start(
                    "proxy", "--config", config.toString(), "--listen", "0=backend.example:80", "--admin", "0");
            var door = URI.create(url(TulleHome.awaitLine(proxy, "leads to")) + "/a");
            assertEquals("well", get(door).body());

            config(origin, "unknownField: 1\n");
            config(origin, """
                    ---
                    apiVersion: networking.istio.io/v1
                    kind: VirtualService
                    metadata: {name: stop}
                    spec: {hosts: [backend.example], http: [{directResponse: {status: 418}}]}
                    """);

            var end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
            while (get(door).statusCode() != 418 && System.nanoTime() < end) Thread.onSpinWait();
            assertEquals(418, get(door).statusCode());
            config(origin, "---\nkind: [\n");
            for (var i = 0; i < 20; i++) assertEquals(418, get(door).statusCode());
            proxy.destroy();
            assertEquals(0, proxy.waitFor());
        }
    }

    @Test
    void twoOfThemSpeakMutualTlsAndAPolicyKnowsTheCaller() throws Exception {
        var pki = TestPki.create();
        try (var origin = Origin.saying("from cart")) {
            var mesh = Files.writeString(folder.resolve("mesh.yaml"), mesh(15006));
            var server = tulle.start(
                    "proxy",
                    "--config",
                    mesh.toString(),
                    "--service",
                    "cart",
                    "-n",
                    "shop",
                    "--inbound",
                    "127.0.0.1:0",
                    "--expose",
                    "4000/http=127.0.0.1:" + origin.port(),
                    "--identity",
                    identity(pki, "cart"),
                    "--admin",
                    "0");
            var inbound = TulleHome.awaitLine(server, "come in at");
            var port = Integer.parseInt(inbound.substring(inbound.lastIndexOf(':') + 1));
            Files.writeString(mesh, mesh(port));

            assertEquals("from cart", get(door(mesh, "web", pki)).body());
            var other = get(door(mesh, "other", pki));
            assertEquals(403, other.statusCode(), other.body());
            assertEquals(1, origin.requests().size());
        }
    }

    @Test
    void aListenerThatLeadsNowhereIsRefusedByCode() throws Exception {
        var config = Files.writeString(folder.resolve("mesh.yaml"), mesh(15006));
        var refused = tulle.run("proxy", "--config", config.toString(), "--listen", "0=ghost:1", "--admin", "0");
        assertEquals(1, refused.exit(), refused::text);
        assertTrue(refused.text().contains("TUL1041"), refused::text);
    }

    private URI door(Path mesh, String caller, TestPki pki) throws Exception {
        var proxy = tulle.start(
                "proxy",
                "--config",
                mesh.toString(),
                "--service",
                caller,
                "-n",
                "shop",
                "--listen",
                "0=cart:4000",
                "--identity",
                identity(pki, caller),
                "--admin",
                "0");
        return URI.create(url(TulleHome.awaitLine(proxy, "leads to")));
    }

    private String identity(TestPki pki, String account) throws Exception {
        var leaf = pki.leaf(SpiffeId.of("example.org", "shop", account), account);
        var into = Files.createDirectory(folder.resolve("identity-" + account));
        Files.writeString(into.resolve("cert-chain.pem"), leaf.certificatePem());
        Files.writeString(into.resolve("key.pem"), leaf.keyPem());
        Files.writeString(into.resolve("root-cert.pem"), pki.rootPem());
        return into.toString();
    }

    private Path config(Origin origin, String more) throws IOException {
        var beside = Files.writeString(folder.resolve("next"), """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: backend}
                spec:
                  hosts: [backend.example]
                  location: MESH_EXTERNAL
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  endpoints: [{address: 127.0.0.1, ports: {http: %d}}]
                """.formatted(origin.port()) + more);
        Files.createDirectories(folder.resolve("config"));
        return Files.move(
                beside,
                folder.resolve("config/mesh.yaml"),
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static String mesh(int port) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: cart, namespace: shop}
                spec: {ports: [{port: 4000, name: http}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: WorkloadEntry
                metadata: {name: cart-1, namespace: shop}
                spec: {address: 127.0.0.1, ports: {mesh: %d}, labels: {app: cart}}
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: cart, namespace: shop}
                spec:
                  selector: {matchLabels: {app: cart}}
                  rules: [{from: [{source: {principals: [example.org/ns/shop/sa/web]}}]}]
                """.formatted(port);
    }

    private static String url(String line) {
        var found = Pattern.compile("http://[0-9.:]+").matcher(line);
        assertTrue(found.find(), line);
        return found.group();
    }

    private HttpResponse<String> get(URI uri) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(90)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
