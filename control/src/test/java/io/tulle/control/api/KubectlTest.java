package io.tulle.control.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tulle.control.store.KindKey;
import io.tulle.control.store.Query;
import io.tulle.dialects.Kinds;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine's own, unmodified kubectl against the API, over TLS with a token. */
class KubectlTest {
    private static final String ROUTE = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata:
              name: catalog
              namespace: shop
              labels: {app: catalog}
            spec:
              hostnames: [catalog]
              parentRefs:
              - {group: "", kind: Service, name: catalog}
              rules:
              - backendRefs:
                - {name: catalog-v1, port: 3000, weight: %d}
                - {name: catalog-v2, port: 3000, weight: %d}
            """;
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop}
            spec:
              selector: {app: cart}
              ports:
            %s
            """;

    private static final String IN_A_NAMESPACE = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings, namespace: shop}
            data: {a: b}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: key, namespace: shop}
            type: Opaque
            data: {a: Yg==}
            """;

    @TempDir
    Path folder;

    private TestApi api;
    private Path kubectl;

    @BeforeEach
    void start() throws Exception {
        var found = kubectl();
        assumeTrue(found.isPresent(), "kubectl is not installed on this machine");
        kubectl = found.get();
        api = TestApi.start(folder);
        var config = Files.createFile(
                folder.resolve("kubeconfig"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(config, kubeconfig());
    }

    @AfterEach
    void stop() {
        if (api != null) api.close();
    }

    @Test
    void discoversTheKindsAndTheirShortNames() throws Exception {
        var listed = run("api-resources").succeeded();
        for (var kind : Kinds.all()) {
            assertTrue(listed.contains(kind.plural()), kind.plural() + " in " + listed);
        }
        assertTrue(run("get", "vs", "-A").succeeded().contains("No resources found"));
        assertTrue(run("version").succeeded().contains("v1.32.0+tulle-0.1.0"));
    }

    @Test
    void appliesCreatesChangesAndSeesNoChange() throws Exception {
        assertTrue(run("apply", "-f", file(ROUTE.formatted(90, 10))).succeeded().contains("catalog created"));
        assertTrue(run("apply", "-f", file(ROUTE.formatted(90, 10))).succeeded().contains("catalog unchanged"));
        assertTrue(run("apply", "-f", file(ROUTE.formatted(50, 50))).succeeded().contains("catalog configured"));
        assertEquals(2, api.store.position().revision());
        var table = run("get", "httproute", "-n", "shop").succeeded();
        assertTrue(table.lines().findFirst().orElse("").matches("NAME +HOSTNAMES +AGE"), table);
        assertTrue(table.contains("catalog"), table);
        var yaml =
                run("get", "httproute", "catalog", "-n", "shop", "-o", "yaml").succeeded();
        assertTrue(yaml.contains("weight: 50") && yaml.contains("resourceVersion: \"2\""), yaml);
        assertTrue(run("get", "httproute", "-A", "-l", "app=other").succeeded().contains("No resources"));
        assertTrue(run("describe", "httproute", "catalog", "-n", "shop")
                .succeeded()
                .contains("catalog-v1"));
    }

    @Test
    void anOlderVersionOfAKindIsTheSameResource() throws Exception {
        var rule = "{\"apiVersion\": \"networking.istio.io/%s\", \"kind\": \"DestinationRule\","
                + " \"metadata\": {\"name\": \"cart\", \"namespace\": \"shop\"}, \"spec\": {\"host\": \"cart\"}}";
        assertTrue(
                run("apply", "-f", file(rule.formatted("v1beta1"))).succeeded().contains("created"));
        assertTrue(run("get", "-f", file(rule.formatted("v1")), "-o", "yaml")
                .succeeded()
                .contains("networking.istio.io/v1\n"));
        assertEquals(1, api.store.list(Query.everything()).resources().size());
    }

    @Test
    void mergesACoreKindsListByItsKey() throws Exception {
        var both = SERVICE.formatted("  - {name: tcp, port: 4000}\n  - {name: http, port: 3000}");
        run("apply", "-f", file(both)).succeeded();
        run("apply", "-f", file(SERVICE.formatted("  - {name: tcp, port: 4000, targetPort: 4001}")))
                .succeeded();
        var body = service();
        assertTrue(body.contains("4001") && !body.contains("3000"), body);
        run("patch", "svc", "cart", "-n", "shop", "-p", "{\"spec\":{\"ports\":[{\"port\":5000,\"name\":\"x\"}]}}")
                .succeeded();
        body = service();
        assertTrue(body.contains("4001") && body.contains("5000"), body);
        run(
                        "patch",
                        "svc",
                        "cart",
                        "-n",
                        "shop",
                        "--type=json",
                        "-p",
                        "[{\"op\":\"remove\",\"path\":\"/spec/selector\"}]")
                .succeeded();
        assertFalse(service().contains("selector"));
    }

    @Test
    void diffsWithoutWriting() throws Exception {
        run("apply", "-f", file(ROUTE.formatted(90, 10))).succeeded();
        var same = run("diff", "-f", file(ROUTE.formatted(90, 10)));
        assertEquals(0, same.exit(), same.output());
        var diff = run("diff", "-f", file(ROUTE.formatted(50, 50)));
        assertEquals(1, diff.exit(), diff.output());
        assertTrue(
                diff.output().contains("-      weight: 90") && diff.output().contains("+      weight: 50"),
                diff.output());
        var server = run("apply", "--dry-run=server", "-f", file(ROUTE.formatted(50, 50)))
                .succeeded();
        assertTrue(server.contains("configured (server dry run)"), server);
        assertEquals(1, api.store.position().revision());
    }

    @Test
    void deletesAndWaitsUntilItIsGone() throws Exception {
        run("apply", "-f", file(ROUTE.formatted(90, 10))).succeeded();
        assertTrue(
                run("delete", "httproute", "catalog", "-n", "shop").succeeded().contains("deleted"));
        var gone = run("get", "httproute", "catalog", "-n", "shop");
        assertEquals(1, gone.exit());
        assertTrue(gone.output().contains("NotFound"), gone.output());
    }

    @Test
    void deletingANamespaceDeletesWhatIsInIt() throws Exception {
        run("apply", "-f", file(IN_A_NAMESPACE)).succeeded();
        assertTrue(run("get", "secret", "key", "-n", "shop").succeeded().contains("Opaque"));
        run("delete", "namespace", "shop").succeeded();
        assertEquals(List.of(), api.store.list(Query.everything()).resources());
    }

    @Test
    void labelsAndAnnotatesAndReplaces() throws Exception {
        run("apply", "-f", file(ROUTE.formatted(90, 10))).succeeded();
        run("label", "httproute", "catalog", "-n", "shop", "tier=front").succeeded();
        run("annotate", "httproute", "catalog", "-n", "shop", "note=hello there")
                .succeeded();
        assertTrue(run("get", "httproute", "-n", "shop", "--show-labels")
                .succeeded()
                .contains("tier=front"));
        assertTrue(
                run("replace", "-f", file(ROUTE.formatted(1, 99))).succeeded().contains("replaced"));
        assertTrue(
                run("get", "httproute", "-n", "shop", "-o", "name").succeeded().contains("httproute"));
    }

    @Test
    void editsWaitsAndReadsRaw() throws Exception {
        run("create", "-f", file(ROUTE.formatted(90, 10))).succeeded();
        run("edit", "httproute", "catalog", "-n", "shop").succeeded(); // its editor is sed, see process()
        assertTrue(run("get", "httproute", "catalog", "-n", "shop", "-o", "yaml")
                .succeeded()
                .contains("weight: 77"));
        run("wait", "httproute/catalog", "-n", "shop", "--for=jsonpath={.spec.hostnames[0]}=catalog")
                .succeeded();
        assertTrue(run("get", "--raw", "/apis").succeeded().contains("gateway.networking.k8s.io"));
        run(
                        "patch",
                        "httproute",
                        "catalog",
                        "-n",
                        "shop",
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        "{\"status\":{\"a\":1}}")
                .succeeded();
        assertEquals(2, api.store.position().revision());
        assertEquals(3, api.store.position().version());
    }

    @Test
    void changesAndDiffsEachCoreKind() throws Exception {
        var map = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"m\"},\"data\":{%s}}";
        run("apply", "-f", file(map.formatted("\"a\":\"1\",\"b\":\"1\""))).succeeded();
        var diff = run("diff", "-f", file(map.formatted("\"a\":\"2\"")));
        assertEquals(1, diff.exit(), diff.output());
        assertTrue(diff.output().contains("-  b: \"1\""), diff.output());
        run("apply", "-f", file(map.formatted("\"a\":\"2\""))).succeeded();
        var stored = api.store
                .list(Query.of(new KindKey("", "ConfigMap")))
                .resources()
                .getFirst();
        assertEquals("{\"data\":{\"a\":\"2\"}}", stored.manifest().body());
        assertEquals("default", stored.key().namespace());
    }

    @Test
    void explainsAKind() throws Exception {
        var explained = run("explain", "httproute").succeeded();
        assertTrue(explained.contains("gateway.networking.k8s.io") && explained.contains("spec"), explained);
        run("explain", "service.metadata.labels").succeeded();
        var weight = run("explain", "virtualservice.spec.http.route.weight").succeeded();
        assertTrue(weight.contains("FIELD: weight <integer>"), weight);
    }

    @Test
    void watchesChangesAsTheyHappen() throws Exception {
        run("apply", "-f", file(ROUTE.formatted(90, 10))).succeeded();
        var watch = process("get", "httproute", "-n", "shop", "--watch", "--output-watch-events")
                .start();
        try (var lines = new BufferedReader(new InputStreamReader(watch.getInputStream(), StandardCharsets.UTF_8))) {
            assertTrue(lines.readLine().startsWith("EVENT"));
            assertTrue(lines.readLine().startsWith("ADDED"));
            run("apply", "-f", file(ROUTE.formatted(50, 50))).succeeded();
            assertTrue(lines.readLine().startsWith("MODIFIED"));
            run("delete", "httproute", "catalog", "-n", "shop").succeeded();
            assertTrue(lines.readLine().startsWith("DELETED"));
        } finally {
            watch.destroyForcibly().waitFor();
        }
    }

    @Test
    void serverSideApplyIsRefusedByCode() throws Exception {
        var refused = run("apply", "--server-side", "-f", file(ROUTE.formatted(90, 10)));
        assertEquals(1, refused.exit());
        assertTrue(refused.output().contains("TUL1332") || refused.output().contains("Server-side"), refused.output());
    }

    @Test
    void aRefusalShowsEveryProblemWithItsCode() throws Exception {
        var refused = run("apply", "-f", file(ROUTE.formatted(90, 10).replace("app: catalog", "app: refuse")));
        assertEquals(1, refused.exit());
        assertTrue(refused.output().contains("TUL1299") && refused.output().contains("TUL1298"), refused.output());
        var warned = run("apply", "-f", file(ROUTE.formatted(90, 10).replace("app: catalog", "app: warn")))
                .succeeded();
        assertTrue(warned.contains("Warning: TUL1297"), warned);
    }

    @Test
    void withoutTheTokenNothingIsWritten() throws Exception {
        var config = folder.resolve("kubeconfig");
        Files.writeString(config, Files.readString(config).replace(api.token.token(), "0".repeat(64)));
        var refused = run("apply", "-f", file(ROUTE.formatted(90, 10)));
        assertEquals(1, refused.exit());
        assertEquals(0, api.store.position().revision());
    }

    private String service() {
        return api.store
                .list(Query.of(new KindKey("", "Service")))
                .resources()
                .getFirst()
                .manifest()
                .body();
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("resource.yaml"), text).toString();
    }

    private String kubeconfig() throws Exception {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: tulle
                  cluster: {server: "%s", certificate-authority-data: %s}
                users:
                - name: tulle
                  user: {token: %s}
                contexts:
                - name: tulle
                  context: {cluster: tulle, user: tulle}
                current-context: tulle
                """.formatted(
                        api.secure(""),
                        Base64.getEncoder().encodeToString(api.pki.rootPem().getBytes(StandardCharsets.US_ASCII)),
                        api.token.token());
    }

    private Ran run(String... arguments) throws IOException, InterruptedException {
        var process = process(arguments).redirectErrorStream(true).start();
        try {
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
            return new Ran(process.exitValue(), output);
        } finally {
            process.destroyForcibly();
        }
    }

    private ProcessBuilder process(String... arguments) {
        var command = new ArrayList<>(List.of(kubectl.toString(), "--request-timeout=20s"));
        command.addAll(Arrays.asList(arguments));
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("KUBECONFIG", folder.resolve("kubeconfig").toString());
        builder.environment().put("KUBE_EDITOR", "sed -i 's/weight: 90/weight: 77/'");
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("KUBECTL_EXTERNAL_DIFF", "diff -u -N");
        return builder;
    }

    private static Optional<Path> kubectl() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "kubectl"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private record Ran(int exit, String output) {
        String succeeded() {
            assertEquals(0, exit, output);
            return output;
        }
    }
}
