package io.tulle.control.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tulle.control.identity.Svid;
import io.tulle.control.registry.Lease;
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
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.SpiffeId;
import io.tulle.model.policy.TimeoutPolicy;
import io.tulle.model.world.Claimant;
import io.tulle.model.world.Instance;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Workload;
import io.tulle.xds.Culprit;
import io.tulle.xds.codec.Codec;
import io.tulle.xds.codec.Decoded;
import io.tulle.xds.layer.Bundle;
import io.tulle.xds.layer.Demand;
import io.tulle.xds.registry.Announcement;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Snapshot;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MeshTest {
    private static final String TIMEOUT =
            "{\"spec\":{\"hosts\":[\"catalog\"],\"http\":[{\"timeout\":\"%s\",\"route\":[{\"destination\":{\"host\":\"catalog\"}}]}]}}";

    @TempDir
    private Path folder;

    private record Sent(String node, Snapshot snapshot) {}

    private final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
    private volatile Optional<String> unwritable = Optional.empty();
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
                new Recorder(),
                Executors.newSingleThreadScheduledExecutor());
    }

    @AfterEach
    void stop() {
        mesh.close();
        registry.close();
        store.close();
    }

    @Test
    void anInstanceThatComesIsToldAndSoAreItsPeers() throws Exception {
        join("web", 3000);
        assertEquals("web-1", next().node());

        join("catalog", 3000);
        assertEquals(
                List.of("catalog-1", "web-1"),
                List.of(next(), next()).stream().map(Sent::node).sorted().toList());
    }

    @Test
    void aPushIsFollowedByARestOfItsOwnLengthSoThatABurstIsFewPushes() {
        var ended = Instant.parse("2026-11-30T05:00:00Z");
        var tookThree = ended.plusMillis(300);

        assertEquals(Duration.ofMillis(300), Mesh.quiet(tookThree, ended));
        assertEquals(Duration.ofMillis(100), Mesh.quiet(tookThree, ended.plusMillis(200)));
        assertEquals(Duration.ofMillis(10), Mesh.quiet(tookThree, ended.plusSeconds(5)), "a change by itself");
        assertEquals(Duration.ofMillis(10), Mesh.quiet(Instant.MIN, ended), "the first");
        assertEquals(Duration.ofSeconds(1), Mesh.quiet(tookThree, ended.minusSeconds(3600)), "the clock was set back");
    }

    @Test
    void aResourceReachesEveryProxyWhoseViewItChanges() throws Exception {
        join("web", 3000);
        next();
        join("catalog", 3000);
        next();
        next();

        var revision = apply("1s");

        var route =
                (RouteTableSpec) next().snapshot().ofType(ResourceType.ROUTES).get("outbound|3000||catalog.shop.tulle");
        assertEquals(Duration.ofSeconds(1), limitOf(route));
        next();
        assertEquals(2, mesh.rollout().of(revision).waiting().size());
    }

    @Test
    void aChangeOfStatusAloneWakesNobody() throws Exception {
        join("catalog", 3000);
        next();
        apply("1s");
        next();

        store.commit(Batch.of(new Change.Report(KEY, "{\"conditions\":[]}", Guard.any())));

        join("late", 1);
        assertEquals(
                List.of("catalog-1", "late-1"),
                List.of(next(), next()).stream().map(Sent::node).sorted().toList());
        assertNull(sent.poll());
    }

    @Test
    void aResourceThatCannotBeReadIsLeftOutAndTheRestIsInForce() throws Exception {
        join("catalog", 3000);
        next();
        store.commit(Batch.of(new Change.Put(
                new ResourceKey("networking.istio.io", "VirtualService", "shop", "broken"),
                Manifest.of(Map.of(), Map.of(), "{\"spec\":{\"hosts\":5}}"),
                Guard.any())));

        apply("2s");

        var route =
                (RouteTableSpec) next().snapshot().ofType(ResourceType.ROUTES).get("outbound|3000||catalog.shop.tulle");
        assertEquals(Duration.ofSeconds(2), limitOf(route));
        assertEquals(false, mesh.problems().isEmpty());
    }

    @Test
    void aProxyWhoseConfigurationCannotBeWrittenKeepsItsOwnAndTheOthersAreTold() throws Exception {
        join("catalog", 3000);
        next();
        join("web", 3000);
        next();
        next();

        unwritable = Optional.of("catalog-1");
        var revision = apply("1s");
        assertEquals("web-1", next().node());
        assertNull(sent.poll());
        until(() -> mesh.rollout().of(revision).rejected().containsKey("catalog-1"));
        assertEquals(
                "TUL1391",
                mesh.rollout()
                        .of(revision)
                        .rejected()
                        .get("catalog-1")
                        .getFirst()
                        .substring(0, 7));

        unwritable = Optional.empty();
        var repaired = apply("2s");
        assertEquals(
                List.of("catalog-1", "web-1"),
                List.of(next(), next()).stream().map(Sent::node).sorted().toList());
        until(() -> !mesh.rollout().of(repaired).rejected().containsKey("catalog-1"));
    }

    @Test
    void whatProxiesRefuseStandsInTheStatusOfItsResourceUntilNoneDoes() throws Exception {
        join("catalog", 3000);
        next();
        var revision = apply("1s");
        next();
        var routes = new Culprit(ResourceType.ROUTES, "outbound|3000||catalog.shop.tulle", "TUL1701", "no such thing");

        mesh.settled("catalog-1", "v1", List.of(routes));
        until(() -> status().contains("\"status\":\"False\""));
        assertEquals(true, status().contains("catalog-1: TUL1701 no such thing"), status());
        var version = store.position().version();

        mesh.settled("catalog-1", "v2", List.of(routes));
        mesh.settled("catalog-1", "v3", List.of());
        until(() -> status().contains("\"status\":\"True\""));
        assertEquals(version + 1, store.position().version(), "the same once more is not written");
        assertEquals(revision, store.position().revision(), "a status makes no revision");
        assertNull(sent.poll());
    }

    @Test
    void aRefusedMeshPortIsToldOfThePoliciesThatGuardItAndOfNoOther() throws Exception {
        join("catalog", 3000);
        next();
        join("web", 3000);
        next();
        next();
        var own = guard("own", "{matchLabels: {app: catalog}}");
        next();
        var others = guard("others", "{matchLabels: {app: web}}");
        next();
        var inbound = new Culprit(ResourceType.LISTENER, "inbound", "TUL1403", "cannot be bound");

        mesh.settled("catalog-1", "v1", List.of(inbound));

        until(() -> status(own).contains("catalog-1: TUL1403 cannot be bound"));
        assertEquals("", status(others));
    }

    private ResourceKey guard(String name, String selector) {
        var key = new ResourceKey("security.istio.io", "AuthorizationPolicy", "shop", name);
        var body = "{\"spec\":{\"action\":\"DENY\",\"rules\":[{}],\"selector\":"
                + selector.replaceAll("(\\w+)", "\"$1\"") + "}}";
        store.commit(Batch.of(new Change.Put(key, Manifest.of(Map.of(), Map.of(), body), Guard.any())));
        return key;
    }

    private String status(ResourceKey key) {
        return store.find(key).orElseThrow().status();
    }

    private String status() {
        return status(KEY);
    }

    private static void until(java.util.function.BooleanSupplier there) {
        while (!there.getAsBoolean()) LockSupport.parkNanos(10_000_000); // the whole test has a time limit
    }

    private static final ResourceKey KEY = new ResourceKey("networking.istio.io", "VirtualService", "shop", "catalog");

    private long apply(String timeout) {
        store.commit(Batch.of(
                new Change.Put(KEY, Manifest.of(Map.of(), Map.of(), TIMEOUT.formatted(timeout)), Guard.any())));
        return store.position().revision();
    }

    private Sent next() throws InterruptedException {
        var next = sent.poll(20, TimeUnit.SECONDS);
        assertNotNull(next, "nothing was published");
        return next;
    }

    private Lease join(String service, int port) {
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
                                List.of(new ServicePort(port, Protocol.HTTP)),
                                List.of()),
                        Set.of(),
                        Instance.Liveness.LIVE),
                "0.1.0",
                "",
                Claimant.UNTOLD);
        return registry.register(svid, facts).accepted().orElseThrow();
    }

    private final class Recorder implements Publisher {
        @Override
        public Demand demandOf(String node) {
            return Demand.EVERYTHING;
        }

        @Override
        public void publish(String node, Bundle bundle) {
            if (unwritable.equals(Optional.of(node))) throw new IllegalArgumentException("cannot be written");
            sent.add(new Sent(node, snapshot(bundle)));
        }

        private static Snapshot snapshot(Bundle bundle) {
            return Snapshot.of(bundle.types().stream()
                    .filter(type -> type != ResourceType.SECRET) // "root" is no certificate
                    .flatMap(type -> bundle.of(type).all().stream())
                    .map(resource -> ((Decoded.Accepted) Codec.decode(resource)).spec())
                    .toList());
        }

        @Override
        public void forget(String node) {
            sent.add(new Sent(node, Snapshot.EMPTY));
        }
    }

    private static Duration limitOf(RouteTableSpec table) {
        return table.routes()
                .getFirst()
                .policies()
                .of(TimeoutPolicy.class)
                .orElseThrow()
                .limit();
    }
}
