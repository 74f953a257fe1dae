package io.tulle.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.dialects.Checks;
import io.tulle.dialects.ResourceReader;
import io.tulle.dialects.WorldReader;
import io.tulle.dialects.reader.Reader;
import io.tulle.model.Problem;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.policy.Balancing;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Workload;
import io.tulle.model.world.World;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.RouteTableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which DestinationRule and which ServiceEntry hold for clients of which namespace, from documents. */
final class PerspectiveTest {
    private static final String CATALOG = "outbound|3000||catalog.shop.tulle";

    @Test
    void aRuleOfTheClientsNamespaceGoesBeforeTheServicesAndThatBeforeTheRoots() {
        var mesh = mesh(
                rule("tulle-system", "all", "*.svc.cluster.local", "RANDOM"),
                rule("shop", "catalog", "catalog", "ROUND_ROBIN"),
                rule("batch", "mine", "catalog.shop.svc.cluster.local", "LEAST_REQUEST"));

        assertEquals(Balancing.LEAST_REQUEST, balancing(mesh, "job-1", CATALOG));
        assertEquals(Balancing.ROUND_ROBIN, balancing(mesh, "web-1", CATALOG));
        assertEquals(Balancing.ROUND_ROBIN, balancing(mesh, "other-1", CATALOG), "batch's rule is batch's alone");
        assertEquals(Balancing.RANDOM, balancing(mesh, "other-1", "outbound|3000||web.shop.tulle"));
    }

    @Test
    void aRuleHoldsForThoseItIsExportedTo() {
        var mesh = mesh(rule("shop", "catalog", "catalog", "RANDOM, exportTo: [\".\", batch]"));

        assertEquals(Balancing.RANDOM, balancing(mesh, "web-1", CATALOG));
        assertEquals(Balancing.RANDOM, balancing(mesh, "job-1", CATALOG));
        assertEquals(Balancing.LEAST_REQUEST, balancing(mesh, "other-1", CATALOG));
    }

    @Test
    void aNamespaceMayBeSpokenOfAsAWholeAndTheMoreSpecificHolds() {
        var mesh = mesh(
                rule("shop", "many", "\"*.shop.svc.cluster.local\"", "RANDOM"),
                rule("shop", "one", "web", "ROUND_ROBIN"));

        assertEquals(Balancing.RANDOM, balancing(mesh, "job-1", CATALOG));
        assertEquals(Balancing.ROUND_ROBIN, balancing(mesh, "job-1", "outbound|3000||web.shop.tulle"));
    }

    @Test
    void twoRulesForOneHostAreOne() {
        var documents = """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: a, namespace: shop}
                spec: {host: catalog, trafficPolicy: {loadBalancer: {simple: RANDOM}}, subsets: [{name: v1, labels: {version: v1}}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: b, namespace: shop}
                spec: {host: catalog.shop, subsets: [{name: v2, labels: {version: v2}}]}
                """;
        var mesh = mesh(documents);

        assertEquals(Balancing.RANDOM, balancing(mesh, "web-1", "outbound|3000|v1|catalog.shop.tulle"));
        assertEquals(Balancing.RANDOM, balancing(mesh, "web-1", "outbound|3000|v2|catalog.shop.tulle"));
        assertEquals(List.of(), problems(documents));
        var twice = documents.replace(
                "spec: {host: catalog.shop,",
                "spec: {host: catalog.shop, trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}},");
        assertEquals(Balancing.RANDOM, balancing(mesh(twice), "web-1", CATALOG));
        assertEquals(List.of("TUL1245"), problems(twice));
    }

    @Test
    void entriesOfOneNamespaceForOneHostAreOneAndEachPortKeepsItsEndpoints() {
        var mesh = mesh(
                entry("shop", "plain", "api.example.com", 80, "10.0.0.1"),
                entry("shop", "secure", "api.example.com", 443, "10.0.0.2"));

        assertEquals(List.of("10.0.0.1:80"), places(mesh, "web-1", "outbound|80||api.example.com"));
        assertEquals(List.of("10.0.0.2:443"), places(mesh, "job-1", "outbound|443||api.example.com"));
    }

    @Test
    void anEntryOfAnotherNamespaceForOneHostIsForItsOwnClientsAndThatIsTold() {
        var documents = new String[] {
            entry("batch", "mine", "api.example.com", 80, "10.0.0.2"),
            entry("apps", "theirs", "api.example.com", 80, "10.0.0.1")
        };
        var mesh = mesh(documents);

        assertEquals(List.of("10.0.0.1:80"), places(mesh, "web-1", "outbound|80||api.example.com"));
        assertEquals(List.of("10.0.0.2:80"), places(mesh, "job-1", "outbound|80||api.example.com"));
        assertEquals(List.of("TUL1245"), problems(documents));
    }

    @Test
    void aShortNameInTwoNamespacesIsTwoThings() {
        var documents = new String[] {
            entry("shop", "redis", "redis", 6379, "10.0.0.1"), entry("batch", "redis", "redis", 6379, "10.0.0.2")
        };
        var mesh = mesh(documents);

        assertEquals(List.of("10.0.0.1:6379"), places(mesh, "web-1", "outbound|6379||redis"));
        assertEquals(List.of("10.0.0.2:6379"), places(mesh, "job-1", "outbound|6379||redis"));
        assertFalse(clusters(mesh, "other-1").containsKey("outbound|6379||redis"));
        assertEquals(List.of(), problems(documents));
    }

    @Test
    void whatAnEntryDoesNotExportNobodyElseSees() {
        var mesh = mesh(entry("shop", "api", "api.example.com", 80, "10.0.0.1")
                .replace("spec: {", "spec: {exportTo: [\".\"], "));

        assertTrue(clusters(mesh, "web-1").containsKey("outbound|80||api.example.com"));
        assertFalse(clusters(mesh, "job-1").containsKey("outbound|80||api.example.com"));
    }

    @Test
    void aVirtualServiceHoldsForThoseItIsExportedTo() {
        var mesh = mesh(virtual("shop", "catalog", "catalog", 418, "exportTo: [\".\", batch], "));

        assertEquals(418, answer(mesh, "web-1"));
        assertEquals(418, answer(mesh, "job-1"));
        assertEquals(200, answer(mesh, "other-1"));
    }

    @Test
    void aVirtualServiceForSomeClientsGoesBeforeOneForEverybody() {
        var mesh = mesh(
                virtual("shop", "catalog", "catalog", 411, ""),
                virtual("batch", "mine", "catalog.shop", 412, "exportTo: [\".\"], "),
                virtual("shop", "theirs", "catalog", 413, "exportTo: [apps, batch], "));

        assertEquals(411, answer(mesh, "web-1"));
        assertEquals(412, answer(mesh, "job-1"), "its own namespace's, seen by nobody else, is the nearest");
        assertEquals(413, answer(mesh, "other-1"));
    }

    @Test
    void whatBecomesSeenByOthersReachesThemAndNobodyElse() {
        var before = mesh(virtual("shop", "catalog", "catalog", 418, "exportTo: [\".\"], "));
        var after =
                before.then(world(virtual("shop", "catalog", "catalog", 418, "exportTo: [batch], ")), before.fleet());

        assertEquals(List.of(418, 200, 200), answers(before));
        assertEquals(List.of(200, 418, 200), answers(after));
        assertEquals(List.of(200, 200, 200), answers(after.then(world(), before.fleet())));
    }

    @Test
    void aServiceIsSeenByThoseItIsExportedTo() {
        var mesh = mesh(service("catalog", "., apps"));

        assertTrue(clusters(mesh, "web-1").containsKey(CATALOG));
        assertTrue(clusters(mesh, "other-1").containsKey(CATALOG));
        assertFalse(clusters(mesh, "job-1").containsKey(CATALOG));
        var nobody = mesh.then(world(service("catalog", "~")), mesh.fleet());
        assertFalse(clusters(nobody, "web-1").containsKey(CATALOG));
        var everybody = nobody.then(world(service("catalog", "*")), mesh.fleet());
        assertTrue(clusters(everybody, "job-1").containsKey(CATALOG));
    }

    @Test
    void aRouteToAServiceThatTheClientDoesNotSeeLeadsNowhere() {
        var mesh = mesh(service("catalog", "."), """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: web, namespace: shop}
                spec: {hosts: [web], http: [{route: [{destination: {host: catalog}}]}]}
                """);

        assertEquals(200, answer(mesh, "web-1", "outbound|3000||web.shop.tulle"));
        assertEquals(503, answer(mesh, "job-1", "outbound|3000||web.shop.tulle"));
    }

    @Test
    void mutualTlsOfTheMeshTowardsSomethingOutsideNeverBecomesPlaintext() {
        var documents = new String[] {entry("shop", "api", "api.example.com", 80, "10.0.0.1"), """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: api, namespace: shop}
            spec: {host: api.example.com, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
            """};

        assertEquals(List.of(), places(mesh(documents), "web-1", "outbound|80||api.example.com"));
        assertEquals(List.of("TUL1246"), problems(documents));
    }

    @Test
    void ofSeveralAddressesWithoutResolutionEachMeansItself() {
        var entry = """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: mongo, namespace: shop}
                spec: {hosts: [mongo.example.com], addresses: [%s], ports: [{number: 27017, name: tcp, protocol: TCP}], resolution: NONE}
                """;
        var several = entry.formatted("10.0.0.1, 10.0.0.2");
        var read = ResourceReader.read(new Reader().yaml("f", several), "shop");
        var world = WorldReader.read(1, MeshSettings.DEFAULT, read.resources()).world();
        var mesh = MeshCompiler.of(world, fleet(), List.of("root"));

        var source = java.util.Objects.requireNonNull(clusters(mesh, "web-1").get("outbound|27017||mongo.example.com"))
                .source();
        var both = List.of("10.0.0.1", "10.0.0.2");
        assertEquals(new ClusterSpec.Source.Dialled("mongo.example.com", 27017, both), source);
        assertEquals(both, world.externals().getFirst().addresses());
        assertEquals(
                List.of("10.0.0.1:27017"),
                places(mesh(entry.formatted("10.0.0.1")), "web-1", "outbound|27017||mongo.example.com"));
    }

    @Test
    void whatANamespaceSeesLikeAllOthersIsTheSameObject() {
        var mesh = mesh(rule("batch", "mine", "catalog.shop", "RANDOM"));
        var common = mesh.layersFor(instance(mesh, "web-1"));
        var batch = mesh.layersFor(instance(mesh, "job-1"));

        common.forEach((host, layer) -> {
            if (host.startsWith("catalog")) assertNotSame(layer, batch.get(host));
            else assertSame(layer, batch.get(host));
        });
        var later = mesh.then(mesh.world(), mesh.fleet()).layersFor(instance(mesh, "job-1"));
        batch.forEach((host, layer) -> assertSame(layer, later.get(host)));
    }

    private static String rule(String namespace, String name, String host, String balancing) {
        var end = balancing.indexOf(',');
        var simple = end < 0 ? balancing : balancing.substring(0, end);
        var more = end < 0 ? "" : balancing.substring(end);
        var written = host.startsWith("*") ? "\"" + host + "\"" : host;
        return """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: %s, namespace: %s}
                spec: {host: %s, trafficPolicy: {loadBalancer: {simple: %s}}%s}
                """.formatted(name, namespace, written, simple, more);
    }

    private static String virtual(String namespace, String name, String host, int status, String more) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %s, namespace: %s}
                spec: {%shosts: [%s], http: [{directResponse: {status: %d}}]}
                """.formatted(name, namespace, more, host, status);
    }

    private static String service(String name, String exportedTo) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: shop, annotations: {networking.istio.io/exportTo: "%s"}}
                spec: {ports: [{port: 3000, name: http}]}
                """.formatted(name, exportedTo);
    }

    private static String entry(String namespace, String name, String host, int port, String address) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: %s, namespace: %s}
                spec: {hosts: [%s], ports: [{number: %d, name: tcp, protocol: TCP}], resolution: STATIC, endpoints: [{address: %s}]}
                """.formatted(name, namespace, host, port, address);
    }

    private static MeshCompiler mesh(String... documents) {
        return MeshCompiler.of(world(documents), fleet(), List.of("root"));
    }

    private static World world(String... documents) {
        var read = ResourceReader.read(new Reader().yaml("f", String.join("---\n", documents)), "shop");
        var reading = WorldReader.read(1, MeshSettings.DEFAULT, read.resources());
        assertEquals(List.of(), read.problems());
        assertEquals(List.of(), reading.problems());
        return reading.world();
    }

    /** What web, job and other get of catalog. */
    private static List<Integer> answers(MeshCompiler mesh) {
        return Stream.of("web-1", "job-1", "other-1")
                .map(id -> answer(mesh, id))
                .toList();
    }

    private static int answer(MeshCompiler mesh, String id) {
        return answer(mesh, id, CATALOG);
    }

    /** The status that the only route of a table answers by itself; 200 where it forwards. */
    private static int answer(MeshCompiler mesh, String id, String table) {
        var routes = java.util.Objects.requireNonNull(mesh.snapshotFor(instance(mesh, id))
                        .all(ResourceType.ROUTES, RouteTableSpec.class)
                        .get(table))
                .routes();
        assertEquals(1, routes.size());
        return routes.getFirst().action() instanceof ActionSpec.Respond(var status, var _) ? status : 200;
    }

    private static List<String> problems(String... documents) {
        var read = ResourceReader.read(new Reader().yaml("f", String.join("---\n", documents)), "shop");
        var world = WorldReader.read(1, MeshSettings.DEFAULT, read.resources()).world();
        var announced =
                fleet().instances().values().stream().map(Instance::service).toList();
        return Checks.run(world, read.resources(), announced).stream()
                .map(Problem::code)
                .toList();
    }

    private static Fleet fleet() {
        var all = new ArrayList<Instance>();
        for (var each : List.of("shop/web", "shop/catalog", "batch/job", "apps/other")) {
            var slash = each.indexOf('/');
            var name = new ServiceName(each.substring(0, slash), each.substring(slash + 1));
            all.add(Instance.of(
                    Workload.of(
                            name.name() + "-1",
                            name,
                            name.name(),
                            Map.of(),
                            "127.0.0.1",
                            20_000 + all.size(),
                            List.of(new ServicePort(3000, Protocol.HTTP)),
                            List.of()),
                    Set.of(),
                    Instance.Liveness.LIVE));
        }
        return Fleet.of(1, all);
    }

    private static Instance instance(MeshCompiler mesh, String id) {
        return java.util.Objects.requireNonNull(mesh.fleet().instances().get(id));
    }

    private static java.util.Map<String, ClusterSpec> clusters(MeshCompiler mesh, String id) {
        return mesh.snapshotFor(instance(mesh, id)).all(ResourceType.CLUSTER, ClusterSpec.class);
    }

    private static Balancing balancing(MeshCompiler mesh, String id, String cluster) {
        return java.util.Objects.requireNonNull(clusters(mesh, id).get(cluster)).balancing();
    }

    private static List<String> places(MeshCompiler mesh, String id, String cluster) {
        var source = (ClusterSpec.Source.Fixed)
                java.util.Objects.requireNonNull(clusters(mesh, id).get(cluster))
                        .source();
        return source.endpoints().stream().map(PerspectiveTest::place).toList();
    }

    private static String place(EndpointSpec endpoint) {
        return endpoint.address() + ":" + endpoint.port();
    }
}
