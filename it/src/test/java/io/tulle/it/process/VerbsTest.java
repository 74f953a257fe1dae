package io.tulle.it.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Verbs that look at a mesh or let others in, as processes of their own. */
@Timeout(value = 400, unit = TimeUnit.SECONDS)
final class VerbsTest {
    private static final String SERVER = "require('http').createServer((q, r) => r.end('well')).listen(4000)";

    @TempDir
    private Path folder;

    private TulleHome tulle;

    @BeforeEach
    void start() throws Exception {
        tulle = new TulleHome(folder);
        tulle.control();
    }

    @AfterEach
    void stop() {
        tulle.close();
    }

    @Test
    void aTokenLetsOneInstanceJoinFromElsewhereAndNoSecond() throws Exception {
        var made = tulle.run("token", "create", "cart", "-n", "shop");
        assertEquals(0, made.exit(), made::text);
        var token = made.text().lines().findFirst().orElseThrow();
        var elsewhere = tulle.withOtherMeshes(); // nothing of the control plane's files: as on another host
        Files.writeString(folder.resolve("token"), token);

        var first = elsewhere.start(join("cart-1", folder.resolve("token")));
        TulleHome.awaitLine(first, "is in the mesh");

        var ps = tulle.run("ps");
        assertTrue(ps.text().contains("cart-1") && ps.text().contains("cart.shop.tulle"), ps::text);
        assertTrue(ps.text().contains("in sync"), ps::text);
        var second = elsewhere.run(join("cart-2", folder.resolve("token")));
        assertEquals(1, second.exit(), second::text); // refused, not out of reach
        assertTrue(second.text().contains("TUL1522"), second::text);
        assertTrue(tulle.run("token", "list").text().contains("cart"), "the list");
        elsewhere.close();
    }

    @Test
    void aTokenOfPaymentMakesNoCatalog() throws Exception {
        var token = folder.resolve("token");
        var made = tulle.run("token", "create", "payment", "-n", "shop", "--uses", "2");
        Files.writeString(token, made.text().lines().findFirst().orElseThrow());
        var elsewhere = tulle.withOtherMeshes();

        var named = elsewhere.run(join("payment-1", token, "--account", "payment", "--service", "catalog"));
        var labelled = elsewhere.run(
                join("payment-2", token, "--account", "payment", "--service", "payment", "--label", "app=catalog"));

        assertTrue(named.exit() != 0 && named.text().contains("TUL1570"), named::text);
        assertTrue(labelled.exit() != 0 && labelled.text().contains("TUL1571"), labelled::text);
        assertFalse(tulle.run("ps").text().contains("payment-"), "ps");
        elsewhere.close();
    }

    @Test
    void whoHoldsNoTokenOfThisRootIsRefused() throws Exception {
        var wrong = "tulle1." + "A".repeat(107);
        var refused = tulle.run(join("cart-1", Files.writeString(folder.resolve("token"), wrong)));
        assertTrue(refused.exit() == 2 || refused.exit() == 3, refused::text);
    }

    /** Its guardian tells: nobody calls it, nothing else runs on its host or serves what it served. */
    @Test
    void theOnlyInstanceOfAnotherHostIsGoneAfterItsLeaseWhenItIsKilled() throws Exception {
        var own = new ProcessBuilder("unshare", "-m", "true").start();
        assumeTrue(own.waitFor() == 0, "another boot id needs a mount namespace of its own, which needs root");
        var made = tulle.run("token", "create", "cart", "-n", "shop");
        var token = Files.writeString(
                folder.resolve("token"),
                made.text()
                        .lines()
                        .filter(line -> line.startsWith("tulle1."))
                        .findFirst()
                        .orElseThrow());
        var boot = Files.writeString(folder.resolve("boot"), "0f6d3b3e-53a1-4f3e-9d0a-3a1f0e6c7b11\n");
        var elsewhere = tulle.withOtherMeshes();
        var script = "mount --bind \"$0\" /proc/sys/kernel/random/boot_id && exec \"$@\"";
        var run = elsewhere.startWithin(
                List.of("unshare", "-m", "sh", "-c", script, boot.toString()), join("cart-1", token));
        TulleHome.awaitLine(run, "is in the mesh");
        assertTrue(tulle.run("ps").text().contains("cart-1"));

        run.destroyForcibly().waitFor();

        while (tulle.run("ps").text().contains("cart-1")) Thread.onSpinWait();
        elsewhere.close();
    }

    private String[] join(String name, Path token) throws Exception {
        return join(name, token, "--service", "cart");
    }

    private String[] join(String name, Path token, String... who) throws Exception {
        var command = new ArrayList<>(List.of("run", name));
        command.addAll(List.of(who));
        command.addAll(List.of(
                "-n",
                "shop",
                "--expose",
                "4000/http",
                "--join",
                "@" + token,
                "--control",
                xds(),
                "--",
                "node",
                "-e",
                SERVER));
        return command.toArray(String[]::new);
    }

    private String xds() throws Exception {
        var file = tulle.mesh("default").resolve("run/control.json");
        var read = new Reader().json("control.json", Files.readAllBytes(file)).documents();
        return read.getFirst().at("xds").orElseThrow() instanceof Node.Text(var _, var text) ? text : "";
    }

    @Test
    void checkFindsNothingInAMeshThatIsWellAndNamesWhatIsWrong() throws Exception {
        var run = tulle.start("run", "web", "--expose", "4000/http", "--capture", "env", "--", "node", "-e", SERVER);
        TulleHome.awaitLine(run, "is in the mesh");
        var mesh = Files.writeString(folder.resolve("mesh.yaml"), """
                apiVersion: security.istio.io/v1
                kind: PeerAuthentication
                metadata: {name: lax}
                spec: {mtls: {mode: PERMISSIVE}}
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: nobody}
                spec: {selector: {matchLabels: {app: ghost}}}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: idle}
                spec: {ports: [{port: 80, name: http}]}
                """);
        assertEquals(0, tulle.run("apply", "-f", mesh.toString(), "--wait").exit());

        var found = tulle.run("check");

        assertEquals(1, found.exit(), found::text);
        for (var code : List.of("TUL1037", "TUL1370", "TUL1371", "TUL1374")) {
            assertTrue(found.text().contains(code), found::text);
        }
        assertFalse(found.text().contains("TUL1373"), found::text);
        assertTrue(tulle.run("ps").text().contains("past the mesh (capture env): web 4000/http"));
        tulle.run("delete", "-f", mesh.toString());
        run.destroy();
        run.waitFor();
        var well = tulle.run("check");
        assertEquals(0, well.exit(), well::text);
    }

    @Test
    void whatIsStoredIsPrintedAndARefusalNamesTheLine() throws Exception {
        var mesh = Files.writeString(folder.resolve("mesh.yaml"), """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: web, namespace: shop}
                spec: {hosts: [web], http: [{timeout: 1s, route: [{destination: {host: web}}]}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: shop}
                spec: {ports: [{port: 80, name: http}]}
                """);
        assertEquals(0, tulle.run("apply", "-f", mesh.toString()).exit());

        var yaml = tulle.run("get", "vs", "web", "-n", "shop", "-o", "yaml");
        assertTrue(yaml.text().contains("timeout: 1s"), yaml::text);
        assertTrue(tulle.run("get", "services", "-A").text().contains("web"), "get -A");
        var ps = tulle.run("ps", "-o", "json").text();
        assertTrue(ps.startsWith("{") && ps.contains("\"items\":[]"), ps);

        var twice = Files.writeString(folder.resolve("twice.yaml"), """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: other, namespace: shop}
                spec: {hosts: [web], http: [{route: [{destination: {host: nowhere}}]}]}
                """);
        var refused = tulle.run("apply", "-f", twice.toString());
        var lines = refused.text().lines().filter(line -> line.contains("TUL")).toList();
        assertFalse(lines.isEmpty(), refused::text);
        for (var line : lines) {
            assertTrue(line.contains("twice.yaml:"), refused::text);
            assertEquals(line.indexOf("TUL1"), line.lastIndexOf("TUL1"), refused::text);
        }
    }

    @Test
    void aRunIsStoppedFromAnotherShell() throws Exception {
        var run = tulle.start("run", "web", "--expose", "4000/http", "--", "node", "-e", SERVER);
        TulleHome.awaitLine(run, "is in the mesh");

        var stopped = tulle.run("stop", "web");

        assertEquals(0, stopped.exit(), stopped::text);
        assertFalse(run.isAlive());
        assertFalse(Files.exists(tulle.mesh("default").resolve("runs/web")));
        var again = tulle.run("stop", "web");
        assertTrue(again.exit() == 1 && again.text().contains("TUL1048"), again::text);
    }

    @Test
    void aNameBelongsToOneRunWhereverItsFolderIs() throws Exception {
        var first = tulle.start("run", "web", "--expose", "4000/http", "--", "node", "-e", SERVER);
        TulleHome.awaitLine(first, "is in the mesh");
        var elsewhere = folder.resolve("another-run").toString();

        var second =
                tulle.run("run", "web", "--run-dir", elsewhere, "--expose", "4000/http", "--", "node", "-e", SERVER);

        assertEquals(1, second.exit(), second::text);
        assertTrue(second.text().contains("TUL1564") && second.text().contains("--replace"), second::text);
        assertTrue(first.isAlive(), "the first goes on");
        assertTrue(tulle.run("ps").text().contains("in sync"), "and is known");

        var third = tulle.start(
                "run", "web", "--run-dir", elsewhere, "--replace", "--expose", "4000/http", "--", "node", "-e", SERVER);
        TulleHome.awaitLine(third, "is in the mesh");
        assertTrue(first.waitFor(60, TimeUnit.SECONDS), "the first has ended");
        assertTrue(third.isAlive());
    }

    @Test
    void checkReadsFilesWithoutAMesh() throws Exception {
        var mesh = Files.writeString(folder.resolve("mesh.yaml"), """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: lost}
                spec: {hosts: [nowhere], http: [{route: [{destination: {host: nowhere}}]}]}
                """);
        var found = tulle.withOtherMeshes().run("check", "-f", mesh.toString());
        assertEquals(1, found.exit(), found::text);
        assertTrue(found.text().contains("mesh.yaml:") && found.text().contains("nowhere"), found::text);
    }

    @Test
    void kubectlComesByTheWrittenConfiguration() throws Exception {
        var written = tulle.run("kubeconfig");
        assertEquals(0, written.exit(), written::text);
        var file = Path.of(written.text().strip());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/kubectl")), "no kubectl is installed here");
        var config = folder.resolve("service.yaml");
        Files.writeString(config, """
                apiVersion: v1
                kind: Service
                metadata: {name: idle}
                spec: {ports: [{port: 80, name: http}]}
                """);

        var applied = kubectl(file, "create", "-f", config.toString());

        assertTrue(applied.contains("service/idle created"), applied);
        assertTrue(tulle.run("get", "services").text().contains("idle"));
    }

    private String kubectl(Path config, String... words) throws Exception {
        var all = new java.util.ArrayList<>(List.of("kubectl", "--kubeconfig", config.toString()));
        all.addAll(List.of(words));
        var process = new ProcessBuilder(all).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void aRunThatIsToldToEndWhileItJoinsLeavesNoFile() throws Exception {
        var run = Files.createDirectories(tulle.mesh("silent").resolve("run"));
        Files.writeString(run.resolve("control.json"), "{\"xds\": \"127.0.0.1:9\"}");
        try (var silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(UnixDomainSocketAddress.of(run.resolve("xds.sock")));
            var joining =
                    tulle.start("run", "cart-1", "--mesh", "silent", "--expose", "4000/http", "--", "sleep", "99");
            silent.accept(); // it asks, and hears nothing
            var runs = tulle.mesh("silent").resolve("runs");
            assertTrue(Files.exists(runs.resolve("cart-1")));

            joining.destroy();

            joining.waitFor();
            assertFalse(Files.exists(runs.resolve("cart-1")));
        }
    }
}
