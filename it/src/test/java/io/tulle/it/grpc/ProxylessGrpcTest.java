package io.tulle.it.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.tulle.cli.api.Mesh;
import io.tulle.control.ControlPlane;
import io.tulle.control.ControlPlaneSettings;
import io.tulle.control.identity.Svid;
import io.tulle.control.registry.Beat;
import io.tulle.control.registry.Lease;
import io.tulle.dialects.ResourceReader;
import io.tulle.dialects.reader.Reader;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.SpiffeId;
import io.tulle.model.world.Claimant;
import io.tulle.model.world.Instance;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Workload;
import io.tulle.xds.registry.Announcement;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** grpc-java's own xDS client, state of the world, as a client of the control plane: no proxy on its side. */
@Timeout(300) // the first call in a JVM loads all of two gRPC stacks
class ProxylessGrpcTest {
    private static final String BOOTSTRAP = "io.grpc.xds.bootstrapConfig";
    private static final String CLIENT = "web-1";

    /** A proxyless client of this test has no certificate: it is told so, or it would refuse the cluster. */
    private static final String PLAINTEXT = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: { name: HOST, namespace: shop }
            spec:
              host: HOST
              trafficPolicy: { tls: { mode: DISABLE }, loadBalancer: { simple: ROUND_ROBIN } }
              subsets:
                - { name: v1, labels: { version: v1 } }
                - { name: v2, labels: { version: v2 } }
            """;

    // One for all tests: grpc-java reads its bootstrap once in a process.
    @TempDir
    private static Path folder;

    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static ControlPlane control;
    private static Mesh mesh;
    private static ScheduledExecutorService heart;
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final Map<ResourceRef, Resource> applied = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var settings = new ControlPlaneSettings(
                "test",
                folder.resolve("state"),
                folder.resolve("run"),
                MeshSettings.DEFAULT,
                loopback,
                loopback,
                Duration.ofHours(1),
                "test");
        control = ControlPlane.start(settings, Clock.systemUTC(), new SecureRandom());
        OPEN.addFirst(control);
        mesh = new Mesh(settings.run().resolve(ControlPlaneSettings.API_SOCKET));
        OPEN.addFirst(mesh);
        heart = Executors.newSingleThreadScheduledExecutor();
        OPEN.addFirst(heart::shutdownNow);
        serve("payment", "payment-1", "v1");
        serve("payment", "payment-2", "v2");
        serve("quote", "quote-1", "v1");
        register(CLIENT, "web", "v1", 1, List.of(), List.of("proxyless-grpc"));
        System.setProperty(BOOTSTRAP, """
                {"xds_servers": [{"server_uri": "unix:%s", "channel_creds": [{"type": "insecure"}],
                 "server_features": ["xds_v3"]}], "node": {"id": "%s"}}
                """.formatted(settings.run().resolve(ControlPlaneSettings.XDS_SOCKET), CLIENT));
    }

    @AfterEach
    void clear() throws InterruptedException {
        for (var channel : channels) {
            channel.shutdownNow();
            assertTrue(channel.awaitTermination(20, TimeUnit.SECONDS));
        }
        mesh.apply(List.of(), List.copyOf(applied.values()), false);
    }

    @AfterAll
    static void stop() throws Exception {
        System.clearProperty(BOOTSTRAP);
        for (var each : OPEN) each.close();
    }

    @Test
    void callsReachEveryReplicaAndAChangeIsConfirmedAndFelt() throws Exception {
        apply(plaintext("payment"));
        var payment = dial("payment.shop.tulle:5000");
        assertEquals(Set.of("payment-1", "payment-2"), answers(payment));

        var revision = apply("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: { name: payment, namespace: shop }
                spec:
                  hosts: [ payment ]
                  http:
                    - route: [ { destination: { host: payment, subset: v2 } } ]
                """);
        await(() -> isDone(revision));
        // It confirms what it has read; its channels take it up a moment later.
        await(() -> answers(payment).equals(Set.of("payment-2")));
        assertEquals(Set.of("payment-2"), answers(dial("payment:5000")), "by the short name, of its own namespace");
    }

    @Test
    void whatItCannotUseIsRefusedByNameAndTheOldGoesOn() throws Exception {
        apply(plaintext("payment"));
        var payment = dial("payment.shop.tulle:5000");
        assertEquals(Set.of("payment-1", "payment-2"), answers(payment));

        // Mutual TLS again, for which this client has no certificate.
        var revision = apply(plaintext("payment").replace("mode: DISABLE", "mode: ISTIO_MUTUAL"));
        await(() -> control.mesh().rollout().of(revision).rejected().containsKey(CLIENT));
        var culprits = control.mesh().rollout().of(revision).rejected().get(CLIENT);
        assertTrue(culprits.toString().contains("outbound|5000||payment.shop.tulle"), culprits.toString());
        await(() -> status().contains("RefusedByProxies"));
        assertTrue(status().contains(CLIENT + ": "), status());
        assertEquals(Set.of("payment-1", "payment-2"), answers(payment));

        var repaired = apply(plaintext("payment"));
        await(() -> isDone(repaired));
        await(() -> !status().contains("RefusedByProxies"));
    }

    /** As {@code kubectl get -o yaml} would show it. */
    private static String status() {
        return mesh.document("/apis/networking.istio.io/v1/namespaces/shop/destinationrules/payment")
                .toString();
    }

    @Test
    void whatItNoLongerAsksForIsNotSentAnyMore() throws Exception {
        apply(plaintext("payment"));
        apply(plaintext("quote"));
        var payment = dial("payment.shop.tulle:5000");
        var quote = dial("quote.shop.tulle:5000");
        assertEquals(Set.of("quote-1"), answers(quote));
        assertEquals(Set.of("payment-1", "payment-2"), answers(payment));

        quote.shutdownNow();
        assertTrue(quote.awaitTermination(20, TimeUnit.SECONDS));
        // It would be refused, as the test above shows, by a client that still asks for it.
        var revision = apply(plaintext("quote").replace("mode: DISABLE", "mode: ISTIO_MUTUAL"));
        await(() -> isDone(revision));
        assertEquals(Set.of("payment-1", "payment-2"), answers(payment));
    }

    private boolean isDone(long revision) {
        return control.mesh().rollout().of(revision).done().contains(CLIENT);
    }

    private static void await(BooleanSupplier there) {
        var end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
        while (!there.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "it did not come");
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private static String plaintext(String host) {
        return PLAINTEXT.replace("HOST", host);
    }

    private ManagedChannel dial(String name) {
        var channel = Grpc.newChannelBuilder("xds:///" + name, InsecureChannelCredentials.create())
                .build();
        channels.add(channel);
        return channel;
    }

    private static Set<String> answers(ManagedChannel channel) {
        var seen = new TreeSet<String>();
        for (var i = 0; i < 60; i++) seen.add(Greeter.greet(channel));
        return seen;
    }

    private long apply(String yaml) {
        var read = ResourceReader.read(new Reader().yaml("test.yaml", yaml), "shop");
        assertTrue(read.isClean(), () -> read.problems().toString());
        read.resources().forEach(each -> applied.put(each.ref(), each));
        return mesh.apply(read.resources(), List.of(), false).revision();
    }

    private static void serve(String service, String instance, String version) throws Exception {
        var server = Greeter.start(instance);
        OPEN.add(server);
        register(instance, service, version, server.port(), List.of(new ServicePort(5000, Protocol.GRPC)), List.of());
    }

    private static void register(
            String instance,
            String service,
            String version,
            int meshPort,
            List<ServicePort> ports,
            List<String> capabilities) {
        var svid = new Svid(
                SpiffeId.of("tulle", "shop", service),
                Optional.of(instance),
                Instant.now().plusSeconds(3600));
        var facts = new Announcement(
                Instance.of(
                        Workload.of(
                                instance,
                                new ServiceName("shop", service),
                                service,
                                Map.of("version", version),
                                "127.0.0.1",
                                meshPort,
                                ports,
                                List.of()),
                        Set.copyOf(capabilities),
                        Instance.Liveness.LIVE),
                "test",
                "",
                Claimant.UNTOLD);
        var lease = new AtomicReference<>(registered(svid, facts));
        Runnable beat = () -> {
            // On a machine that stood still for a whole lease it is over, and a sidecar registers again.
            if (control.registry().heartbeat(lease.get()) == Beat.GONE) lease.set(registered(svid, facts));
        };
        heart.scheduleAtFixedRate(beat, 1, 1, TimeUnit.SECONDS);
    }

    private static Lease registered(Svid svid, Announcement facts) {
        return control.registry().register(svid, facts).accepted().orElseThrow();
    }
}
