package io.tulle.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.control.api.Admission;
import io.tulle.control.api.KindTable;
import io.tulle.control.identity.Svid;
import io.tulle.control.push.Mesh;
import io.tulle.control.push.Publisher;
import io.tulle.control.registry.MemoryLeases;
import io.tulle.control.registry.Registry;
import io.tulle.control.registry.RegistrySettings;
import io.tulle.control.store.Batch;
import io.tulle.control.store.Change;
import io.tulle.control.store.Database;
import io.tulle.control.store.EmbeddedStore;
import io.tulle.control.store.Guard;
import io.tulle.control.store.Manifest;
import io.tulle.control.store.ResourceKey;
import io.tulle.dialects.Kinds;
import io.tulle.model.Problem;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.SpiffeId;
import io.tulle.model.policy.Authorization;
import io.tulle.model.world.Claimant;
import io.tulle.model.world.Instance;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Workload;
import io.tulle.xds.codec.Codec;
import io.tulle.xds.codec.Decoded;
import io.tulle.xds.layer.Bundle;
import io.tulle.xds.layer.Demand;
import io.tulle.xds.registry.Announcement;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One document that nobody can carry out stops no other: it is refused at the door, or left out alone. */
final class OneDocumentTest {
    private static final String ROUTES = "outbound|3000||catalog.shop.tulle";
    private static final String TO_CATALOG = "route: [{destination: {host: catalog}}]";

    @TempDir
    private Path folder;

    private final BlockingQueue<Snapshot> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<Boolean> commits = new LinkedBlockingQueue<>();
    private EmbeddedStore store;
    private Registry registry;
    private Mesh mesh;

    @BeforeEach
    void start() {
        store = new EmbeddedStore(
                Database.open(folder.resolve("mesh.db")), Clock.systemUTC(), RandomGenerator.of("L64X128MixRandom"));
        registry =
                Registry.start(RegistrySettings.of("tulle"), new MemoryLeases(), Clock.systemUTC(), (_, _) -> () -> {});
        mesh = Mesh.start(
                store,
                registry,
                new Mesh.Settings(MeshSettings.DEFAULT, List.of("root"), Clock.systemUTC()),
                new Proxy(),
                Executors.newSingleThreadScheduledExecutor());
        store.onCommit(() -> commits.add(true));
        join("catalog");
    }

    @AfterEach
    void stop() {
        mesh.close();
        registry.close();
        store.close();
    }

    @Test
    void weightsOfAnySizeKeepTheirProportion() throws Exception {
        put(
                "DestinationRule",
                "catalog",
                "{host: catalog, subsets: [{name: a, labels: {v: a}}, {name: b, labels: {v: b}}]}");
        put("VirtualService", "catalog", """
                {hosts: [catalog], http: [{route: [{destination: {host: catalog, subset: a}, weight: 2000000},
                 {destination: {host: catalog, subset: b}, weight: 1000000}]}]}""");

        var legs = await(
                snapshot -> forward(snapshot, ROUTES).targets().size() == 2,
                s -> forward(s, ROUTES).targets());

        assertEquals(legs.getFirst().weight(), 2 * legs.getLast().weight());
        theNextChangeArrives();
    }

    @Test
    void aSubsetOfAnExternalHostIsItsEndpointsWithThoseLabels() throws Exception {
        put("ServiceEntry", "ext", """
                {hosts: [ext.example.com], location: MESH_EXTERNAL, resolution: STATIC, ports: [{number: 80, name: http}],
                 endpoints: [{address: 192.0.2.1, labels: {zone: one}}, {address: 192.0.2.2, labels: {zone: two}}]}""");
        put("DestinationRule", "ext", "{host: ext.example.com, subsets: [{name: one, labels: {zone: one}}]}");
        put("VirtualService", "ext", """
                {hosts: [ext.example.com], http: [{route: [{destination: {host: ext.example.com, subset: one}}]}]}""");

        var one = "outbound|80|one|ext.example.com";
        var cluster = await(snapshot -> snapshot.ofType(ResourceType.CLUSTER).containsKey(one), snapshot ->
                (ClusterSpec) snapshot.ofType(ResourceType.CLUSTER).get(one));

        var places = ((ClusterSpec.Source.Fixed) cluster.source()).endpoints();
        assertEquals(List.of("192.0.2.1"), places.stream().map(p -> p.address()).toList());
        theNextChangeArrives();
    }

    @Test
    void aStoredPolicyThatNoProxyCanReadIsHeldClosedAlone() throws Exception {
        put("AuthorizationPolicy", "no-stranger", """
                {selector: {matchLabels: {app: catalog}}, action: DENY,
                 rules: [{from: [{source: {ipBlocks: ["10.0.0.04"]}}]}]}""");

        var policy = await(snapshot -> !guards(snapshot).isEmpty(), OneDocumentTest::guards)
                .getFirst();

        assertEquals(Authorization.Action.DENY, policy.action());
        assertTrue(policy.rules().getFirst().from().isEmpty(), "denies everybody");
        saysWhy("AuthorizationPolicy", "no-stranger", "10.0.0.04");
        theNextChangeArrives();
    }

    @Test
    void aStoredRouteWithANamelessHeaderIsLeftOutAlone() throws Exception {
        leftOutAlone("match: [{headers: {\"\": {exact: a}}}]");
    }

    @Test
    void aStoredRouteWithANamelessQueryParameterIsLeftOutAlone() throws Exception {
        leftOutAlone("match: [{queryParams: {\"\": {exact: a}}}]");
    }

    @Test
    void whatNoProxyCanReadIsRefusedWithItsCodeAndPlace() {
        refused(
                "TUL1229",
                "VirtualService",
                "{hosts: [catalog], http: [{match: [{headers: {\"\": {exact: a}}}], " + TO_CATALOG + "}]}");
        refused(
                "TUL1229",
                "VirtualService",
                "{hosts: [catalog], http: [{match: [{withoutHeaders: {\"\": {}}}], " + TO_CATALOG + "}]}");
        refused(
                "TUL1203",
                "VirtualService",
                "{hosts: [catalog], http: [{match: [{queryParams: {\"\": {exact: a}}}], " + TO_CATALOG + "}]}");
        refused(
                "TUL1223",
                "AuthorizationPolicy",
                "{action: DENY, rules: [{from: [{source: {ipBlocks: [\"10.0.0.04\"]}}]}]}");
        refused(
                "TUL1223",
                "AuthorizationPolicy",
                "{action: DENY, rules: [{from: [{source: {notIpBlocks: [\"10.0.0.0/08\"]}}]}]}");
    }

    private void leftOutAlone(String match) throws Exception {
        put("VirtualService", "broken", "{hosts: [catalog], http: [{" + match + ", timeout: 7s, " + TO_CATALOG + "}]}");
        saysWhy("VirtualService", "broken", "name");
        theNextChangeArrives();
    }

    private void refused(String code, String kind, String spec) {
        var served = KindTable.of(Kinds.all()).kinds().stream()
                .filter(each -> each.kind().equals(kind))
                .findFirst()
                .orElseThrow();
        var key = new ResourceKey(served.group(), kind, "shop", "proposed");
        var document = document(kind, "proposed", spec);
        var problems = new DialectAdmission(mesh)
                .check(new Admission.Proposal(List.of(new Admission.Candidate(served, key, document)), List.of()));
        var errors = problems.stream().filter(Problem::isError).toList();
        assertEquals(
                List.of(code), errors.stream().map(Problem::code).distinct().toList(), problems + "");
        assertTrue(errors.getFirst().where().isPresent(), "has its place");
    }

    /** The condition in its status, and what {@code tulle check} prints. */
    private void saysWhy(String kind, String name, String what) throws InterruptedException {
        var key = key(kind, name);
        while (!store.find(key).orElseThrow().status().contains("\"status\":\"False\"")) {
            assertNotNull(commits.poll(10, TimeUnit.SECONDS), "no condition was written");
        }
        assertTrue(
                store.find(key).orElseThrow().status().contains(what),
                store.find(key).orElseThrow().status());
        var told = mesh.problems().stream().map(Problem::explained).collect(Collectors.joining("\n"));
        assertTrue(told.contains(kind + " shop/" + name) && told.contains(what), told);
    }

    private void theNextChangeArrives() throws Exception {
        put("ServiceEntry", "next", "{hosts: [next.example.com], ports: [{number: 80, name: http}], resolution: DNS}");
        await(
                snapshot -> snapshot.ofType(ResourceType.LISTENER).containsKey("next.example.com:80"),
                Function.identity());
        join("late");
        await(
                snapshot -> snapshot.ofType(ResourceType.LISTENER).containsKey("late.shop.tulle:3000"),
                Function.identity());
    }

    private <T> T await(Predicate<Snapshot> there, Function<Snapshot, T> found) throws InterruptedException {
        while (true) {
            var next = heard.poll(5, TimeUnit.SECONDS);
            assertNotNull(next, "the proxy was never told");
            if (there.test(next)) return found.apply(next);
        }
    }

    private static ActionSpec.Forward forward(Snapshot snapshot, String table) {
        var routes = (RouteTableSpec)
                Optional.ofNullable(snapshot.ofType(ResourceType.ROUTES).get(table))
                        .orElseThrow();
        return (ActionSpec.Forward) routes.routes().getFirst().action();
    }

    private static List<Authorization> guards(Snapshot snapshot) {
        return snapshot.all(ResourceType.LISTENER, ListenerSpec.class).values().stream()
                .filter(listener -> listener.place() instanceof ListenerSpec.Place.Inbound)
                .flatMap(listener -> listener.chains().stream())
                .flatMap(chain -> chain.wire().authorizations().stream())
                .toList();
    }

    private void put(String kind, String name, String spec) {
        var document = io.tulle.dialects.reader.Json.compact(new io.tulle.dialects.reader.Reader()
                .yaml("test", "spec: " + spec)
                .documents()
                .getFirst());
        store.commit(Batch.of(new Change.Put(key(kind, name), Manifest.of(Map.of(), Map.of(), document), Guard.any())));
    }

    private static ResourceKey key(String kind, String name) {
        var group = kind.equals("AuthorizationPolicy") ? "security.istio.io" : "networking.istio.io";
        return new ResourceKey(group, kind, "shop", name);
    }

    private static String document(String kind, String name, String spec) {
        var yaml = "apiVersion: " + key(kind, name).group() + "/v1\nkind: " + kind + "\nmetadata: {name: " + name
                + ", namespace: shop}\nspec: " + spec;
        return io.tulle.dialects.reader.Json.compact(new io.tulle.dialects.reader.Reader()
                .yaml("test", yaml)
                .documents()
                .getFirst());
    }

    private void join(String service) {
        var svid = new Svid(SpiffeId.of("tulle", "shop", service), Optional.of(service + "-1"), Instant.MAX);
        var facts = new Announcement(
                Instance.of(
                        Workload.of(
                                service + "-1",
                                new ServiceName("shop", service),
                                service,
                                Map.of(),
                                "127.0.0.1",
                                20_000,
                                List.of(new ServicePort(3000, Protocol.HTTP)),
                                List.of()),
                        Set.of(),
                        Instance.Liveness.LIVE),
                "0.1.0",
                "",
                Claimant.UNTOLD);
        var _ = registry.register(svid, facts).accepted().orElseThrow();
    }

    /** What catalog-1 hears: everything is written down and read again, as on the wire. */
    private final class Proxy implements Publisher {
        @Override
        public Demand demandOf(String node) {
            return Demand.EVERYTHING;
        }

        @Override
        public void publish(String node, Bundle bundle) {
            var specs = new ArrayList<Spec>();
            for (var type : bundle.types()) {
                if (type == ResourceType.SECRET) continue; // "root" is no certificate
                for (var resource : bundle.of(type).all()) {
                    switch (Codec.decode(resource)) {
                        case Decoded.Accepted(var spec) -> specs.add(spec);
                        case Decoded.Rejected refused -> throw new IllegalArgumentException(refused.toString());
                    }
                }
            }
            if (node.equals("catalog-1")) heard.add(Snapshot.of(specs));
        }

        @Override
        public void forget(String node) {}
    }
}
