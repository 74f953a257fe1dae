package io.tulle.labs;

import io.tulle.labs.stage.Leaf;
import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.TlsPeek;
import io.tulle.labs.stage.Unmet;
import io.tulle.labs.stage.Wiretap;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What goes between two sidecars, seen from a relay in the way; and who is let in, from either end, with a leaf that is right
 * and with all that are not.
 */
final class MutualTlsLab implements Lab {
    private static final String SNI = "3000.catalog.shop.tulle";
    private static final String CATALOG = "spiffe://tulle/ns/shop/sa/catalog";
    private static final String WEB = "spiffe://tulle/ns/shop/sa/web";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final String ROUTE = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: { name: catalog }
            spec:
              host: catalog
              subsets:
                - { name: rest, labels: { version: v1 } }
                - { name: lab, labels: { version: lab } }
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: { name: catalog }
            spec:
              hosts: [ catalog ]
              http:
                - match: [ { headers: { x-user: { exact: lab } } } ]
                  route: [ { destination: { host: catalog, subset: lab } } ]
                - route: [ { destination: { host: catalog, subset: rest } } ]
            """;

    @Override
    public String name() {
        return "02-mutual-tls";
    }

    @Override
    public String show(Stage stage) throws IOException, InterruptedException {
        var expiring = leaf(stage, "lab-early", "web", Stage.MESH);
        var expiringServer = leaf(stage, "lab-early-server", "catalog", Stage.MESH);
        var meshPort = Stage.freePort();
        stage.apply(ROUTE);
        try (var way = new Wiretap();
                var _ = stage.alsoRun(
                        "catalog-lab",
                        Map.of("VERSION", "lab"),
                        List.of(
                                "--service",
                                "catalog",
                                "--label",
                                "app=catalog",
                                "--label",
                                "version=lab",
                                "--expose",
                                "3000/http",
                                "--mesh-port",
                                "" + meshPort,
                                "--advertise",
                                "127.0.0.1:" + way.port()),
                        List.of("node", "dist/catalog/main.js"));
                var foreign = stage.foreignMesh()) {
            var seen = onTheWire(stage, way, meshPort);
            var strange = leaf(stage, "lab-foreign", "web", foreign.mesh());
            var strangeServer = leaf(stage, "lab-foreign-server", "catalog", foreign.mesh());
            stage.await(
                    "the end of the leaves' 60 s",
                    PATIENCE,
                    () -> isOver(stage, expiring) && isOver(stage, expiringServer));
            asClient(stage, meshPort, expiring, strange);
            asServer(stage, way, expiringServer, strangeServer);
            return seen + "; peers are " + CATALOG + " and " + WEB
                    + "; refused beside a control that passes, as client: plaintext, foreign root, expired; as server: these and another service's leaf";
        }
    }

    /** A relay between web's sidecar and catalog's sees TLS 1.3, and nothing of what is said. */
    private static String onTheWire(Stage stage, Wiretap way, int meshPort) throws InterruptedException {
        var tape = Wiretap.Tape.fresh();
        way.becomes(tape.to(meshPort));
        var marker = "marker-" + UUID.randomUUID();
        stage.await(
                "catalog-lab through the relay",
                PATIENCE,
                () -> through(stage, "/products").startsWith("200"));
        var answer = stage.web().get("/api/catalog/products/" + marker, "x-user", "lab");
        Unmet.unless(answer.status() == 404, "the marker was answered with " + answer);
        Unmet.unless(tape.toServer().size() > 500 && tape.toClient().size() > 500, "the relay saw next to nothing");
        var version = TlsPeek.versionOfServerHello(tape.toClient().toByteArray());
        Unmet.unless(version == 0x0304, "the ServerHello chose version 0x%04x".formatted(version));
        Unmet.unless(!tape.contains(marker) && !tape.contains("HTTP/1.1"), "the relay could read what was said");
        return "on the wire TLS 1.3, %d + %d bytes, none of the marker"
                .formatted(tape.toServer().size(), tape.toClient().size());
    }

    /** The lab calls catalog's sidecar. */
    private static void asClient(Stage stage, int meshPort, Leaf expired, Leaf strange) {
        control(stage, meshPort);
        refused("plaintext", TlsPeek.plain(meshPort, "/products"));
        control(stage, meshPort);
        refused("a leaf of a foreign root", TlsPeek.call(meshPort, SNI, strange, "/products"));
        control(stage, meshPort);
        refused("an expired leaf", TlsPeek.call(meshPort, SNI, expired, "/products"));
        control(stage, meshPort);
    }

    private static void control(Stage stage, int meshPort) {
        var call = TlsPeek.call(meshPort, SNI, leaf(stage, "lab-client", "web", Stage.MESH), "/products");
        Unmet.unless(call.answer().startsWith("HTTP/1.1 200"), "a call with a right leaf got " + call);
        Unmet.unless(call.peer().equals(CATALOG), "the server's leaf says " + call.peer());
    }

    private static void refused(String what, TlsPeek.Call call) {
        Unmet.unless(!call.answer().contains("HTTP/1.1 2"), what + " was let in: " + call);
    }

    /** Web's sidecar calls the lab. */
    private static void asServer(Stage stage, Wiretap way, Leaf expired, Leaf strange) {
        var right = leaf(stage, "lab-server", "catalog", Stage.MESH);
        serves(stage, way, right);
        refuses(stage, way, "plaintext", TlsPeek.plainServer());
        serves(stage, way, right);
        refuses(stage, way, "a leaf of a foreign root", TlsPeek.server(strange, new AtomicInteger(), _ -> {}));
        serves(stage, way, right);
        refuses(stage, way, "an expired leaf", TlsPeek.server(expired, new AtomicInteger(), _ -> {}));
        serves(stage, way, right);
        var other = leaf(stage, "lab-other", "cart", Stage.MESH);
        refuses(stage, way, "another service's leaf", TlsPeek.server(other, new AtomicInteger(), _ -> {}));
        serves(stage, way, leaf(stage, "lab-server", "catalog", Stage.MESH));
    }

    private static void serves(Stage stage, Wiretap way, Leaf right) {
        var served = new AtomicInteger();
        var callers = new java.util.concurrent.CopyOnWriteArrayList<String>();
        way.becomes(TlsPeek.server(right, served, callers::add));
        var said = through(stage, "/products");
        Unmet.unless(said.startsWith("200") && served.get() > 0, "a server with a right leaf was not asked: " + said);
        Unmet.unless(callers.stream().allMatch(WEB::equals), "the caller's leaf says " + callers);
    }

    private static void refuses(Stage stage, Wiretap way, String what, Wiretap.Behind server) {
        way.becomes(server);
        var said = through(stage, "/products");
        Unmet.unless(
                said.startsWith("503") && said.contains("TUL16"), "a server with " + what + " was believed: " + said);
    }

    /** What web gets from the instance at the relay. */
    private static String through(Stage stage, String path) {
        return stage.web().get("/api/catalog" + path, "x-user", "lab").toString();
    }

    private static boolean isOver(Stage stage, Leaf leaf) {
        return stage.clock().instant().isAfter(leaf.expires().plusSeconds(2));
    }

    private static Leaf leaf(Stage stage, String name, String service, String mesh) {
        Path out = stage.scratch().resolve("leaves").resolve(mesh + "-" + name);
        var said = stage.tulle()
                .run("cert", name, "--mesh", mesh, "--service", service, "-n", "shop", "--out", out.toString());
        Unmet.unless(said.exit() == 0, "tulle cert ended with " + said.exit() + ": " + said.text());
        return Leaf.read(out);
    }
}
