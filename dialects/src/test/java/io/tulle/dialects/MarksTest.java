package io.tulle.dialects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.dialects.reader.Reader;
import io.tulle.model.Problem;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.Visibility;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What namespaces, annotations and labels say beside the fields, and documents that are for a cluster. */
class MarksTest {
    private static final String DENY = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: shut, namespace: %s, annotations: {%s}}
            spec: {action: DENY, rules: [%s]}
            """;

    @Test
    void aPolicyInDryRunIsOnlyTriedAndSaysSo() {
        for (var yes : List.of("true", "True", "1")) {
            var read = read(DENY.formatted("shop", "istio.io/dry-run: \"" + yes + "\"", "{}"));
            var policy = read.world().accessPolicies().getFirst().authorization();
            assertTrue(policy.dryRun());
            assertEquals(1, policy.rules().size(), "what it asks is kept, to be judged by");
            assertEquals(List.of("TUL1241"), codes(read));
            assertTrue(read.isClean());
        }
        var enforced = read(DENY.formatted("shop", "istio.io/dry-run: \"false\"", "{}"));
        assertFalse(enforced.world().accessPolicies().getFirst().authorization().dryRun());
        assertEquals(List.of(), codes(enforced));
    }

    @Test
    void aDryRunThatCannotBeReadClosesNothing() {
        var read = read(DENY.formatted("shop", "istio.io/dry-run: \"true\"", "{slip: 1}"));
        assertEquals(List.of(), read.world().accessPolicies());
        assertEquals(List.of("TUL1241", "TUL1205"), codes(read));
    }

    @Test
    void aDryRunThatIsNeitherTrueNorFalseIsRefusedAndHeldClosed() {
        var read = read(DENY.formatted("shop", "istio.io/dry-run: \"yes\"", "{}"));
        assertEquals(List.of("TUL1203", "TUL1226"), codes(read));
        assertEquals(1, read.world().accessPolicies().size());
    }

    @Test
    void aMeshWideDocumentInIstioSystemIsRefusedUntilThatIsTheRootNamespace() {
        var policy = DENY.formatted("istio-system", "", "{}");
        var refused = read(policy).problems().getLast();
        assertEquals("TUL1240", refused.code());
        assertTrue(refused.isError());
        assertTrue(refused.fix().contains("--root-namespace istio-system"), refused.fix());

        var read = read(policy, MeshSettings.DEFAULT.withRoot("istio-system"));
        assertEquals(List.of(), codes(read));
        assertEquals("istio-system", read.world().settings().rootNamespace());
    }

    @Test
    void marksThatIstioWouldActOnAreTold() {
        var read = read("""
                apiVersion: v1
                kind: Service
                metadata:
                  name: cart
                  labels: {istio.io/rev: canary, app: cart, service.istio.io/canonical-name: cart}
                  annotations:
                    networking.istio.io/exportTo: "."
                    traffic.sidecar.istio.io/excludeInboundPorts: "80"
                    sidecar.istio.io/inject: "true"
                    kubectl.kubernetes.io/last-applied-configuration: "{}"
                spec: {ports: [{port: 80}]}
                """);
        assertEquals(List.of("TUL1242", "TUL1242"), codes(read));
        var told = read.problems().toString();
        for (var mark : List.of("istio.io/rev", "excludeInboundPorts")) assertTrue(told.contains(mark), told);
        assertTrue(read.isClean());
    }

    @Test
    void aServiceSaysWhoSeesItByAnAnnotation() {
        var service = """
                apiVersion: v1
                kind: Service
                metadata: {name: cart, namespace: shop, annotations: {networking.istio.io/exportTo: "%s"}}
                spec: {ports: [{port: 80}]}
                """;
        assertEquals(Visibility.of(List.of("ops", "shop")), exportedTo(read(service.formatted("., ops"))));
        assertEquals(Visibility.of(List.of()), exportedTo(read(service.formatted("~"))));
        assertEquals(Visibility.EVERYWHERE, exportedTo(read(service.formatted("*"))));
        for (var wrong : List.of("", "*,ops", "~,ops", "ops,ops", "Ops"))
            assertEquals(List.of("TUL1203"), codes(read(service.formatted(wrong))), wrong);
    }

    @Test
    void onARouteTheAnnotationIsToldBecauseTheFieldSaysIt() {
        var read = read("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: cart, annotations: {networking.istio.io/exportTo: "."}}
                spec: {hosts: [cart], http: [{route: [{destination: {host: cart}}]}]}
                """);
        assertEquals(List.of("TUL1242"), codes(read));
    }

    private static Visibility exportedTo(WorldReading read) {
        assertEquals(List.of(), codes(read));
        return read.world().services().values().iterator().next().exportedTo();
    }

    @Test
    void aClaimOfATokenIsNoHeader() {
        var read = read("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: cart}
                spec:
                  hosts: [cart]
                  http:
                  - match: [{headers: {"@request.auth.claims.groups": {exact: admin}}}]
                    route: [{destination: {host: cart}}]
                """);
        assertEquals(List.of("TUL1204"), codes(read));
        assertTrue(!read.isClean(), read.problems()::toString);
    }

    @Test
    void theSettingsOfAnIstioMeshAreToldAsNotRead() {
        var read = read("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data: {mesh: "rootNamespace: istio-system"}
                """);
        assertEquals(List.of("TUL1243"), codes(read));
    }

    @Test
    void whatAClusterRunsDoesNotRefuseTheRestOfAFile() {
        var read = ResourceReader.read(new Reader().yaml("bookinfo.yaml", """
                apiVersion: v1
                kind: Service
                metadata: {name: details, labels: {app: details}}
                spec: {ports: [{port: 9080, name: http}], selector: {app: details}}
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: bookinfo-details}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: details-v1}
                spec: {replicas: 1}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: ratings-v1}
                ---
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: shut}
                """), "shop");

        assertTrue(read.isClean(), read.problems()::toString);
        assertEquals(1, read.resources().size());
        assertEquals(2, read.problems().size(), read.problems()::toString);
        assertTrue(read.problems().getFirst().message().contains("forbids nothing here"));
        assertTrue(read.problems().getLast().message().contains("2 Deployment, 1 ServiceAccount"));
    }

    private static WorldReading read(String text) {
        return read(text, MeshSettings.DEFAULT);
    }

    private static WorldReading read(String text, MeshSettings settings) {
        var read = ResourceReader.read(new Reader().yaml("f", text), "shop");
        assertEquals(List.of(), read.problems());
        return WorldReader.read(1, settings, read.resources());
    }

    private static List<String> codes(WorldReading read) {
        return read.problems().stream().map(Problem::code).toList();
    }
}
