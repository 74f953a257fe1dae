package io.tulle.proxy;

import static io.tulle.proxy.Fleet.at;
import static io.tulle.proxy.Fleet.cluster;
import static io.tulle.proxy.Fleet.door;
import static io.tulle.proxy.Fleet.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.match.PathNormalizer;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.OutlierPolicy;
import io.tulle.proxy.exchange.ExchangeSettings;
import io.tulle.proxy.http1.DoorSettings;
import io.tulle.proxy.http1.Limits;
import io.tulle.proxy.message.Reason;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawResponse;
import io.tulle.testkit.RawSocket;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.RouteSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How long a sidecar waits for callers, endpoints and itself, and what it does then. */
@ExtendWith(NoLeaks.class)
class PatienceTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final Fleet fleet = new Fleet();

    @AfterEach
    void end() {
        fleet.close();
    }

    private Origin origin(Origin.Script script) throws IOException {
        return fleet.keep(Origin.start(script));
    }

    private static RawResponse get(Sidecar proxy) throws IOException {
        try (var client = RawSocket.to(at(proxy))) {
            return client.send(GET).response();
        }
    }

    private static DoorSettings impatient(long idleMillis, long headMillis) {
        return new DoorSettings(
                Limits.DEFAULT, new PathNormalizer(PathNormalizer.Mode.BASE), idleMillis, headMillis, 1000, 65536);
    }

    private static ConnectionLimits limits(int connections, Duration idle) {
        return new ConnectionLimits(
                OptionalInt.of(connections),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Duration.ofSeconds(5),
                Optional.of(idle));
    }

    private Sidecar alone(SidecarSettings settings, ClusterSpec cluster) {
        return fleet.alone(settings, door(Fleet.routed()), cluster, table(RouteSpec.toCluster("all", cluster.name())));
    }

    @Test
    void cutsACallerThatNeverFinishesItsHead() throws Exception {
        var origin = origin((_, connection) -> connection.ok("fine"));
        var proxy = alone(SidecarSettings.DEFAULT.with(impatient(60_000, 50)), cluster("c", origin));
        try (var slow = RawSocket.to(at(proxy))) {
            var response = slow.send("GET / HTTP/1.1\r\nHos").response();
            assertEquals(408, response.status());
            assertTrue(response.body().startsWith("TUL1632"), response.body());
            assertEquals("", slow.rest());
        }
        assertEquals(200, get(proxy).status());
    }

    @Test
    void closesACallersConnectionThatIdles() throws Exception {
        var origin = origin((_, connection) -> connection.ok("fine"));
        var proxy = alone(SidecarSettings.DEFAULT.with(impatient(50, 60_000)), cluster("c", origin));
        try (var client = RawSocket.to(at(proxy))) {
            assertEquals(200, client.send(GET).response().status());
            assertEquals("", client.rest());
        }
    }

    @Test
    void endsAnExchangeInWhichNothingMoves() throws Exception {
        var origin = origin((_, connection) -> connection.drain() < 0);
        var settings = SidecarSettings.DEFAULT.with(new ExchangeSettings(1024, Duration.ofMillis(50)));
        var response = get(alone(settings, cluster("c", origin)));
        assertEquals(408, response.status());
        assertEquals("SI", response.header("x-tulle-flag").orElse(""));
    }

    @Test
    void closesAPooledConnectionBeforeItsServerDoes() throws Exception {
        var closed = new CountDownLatch(1);
        var origin = origin((_, connection) -> {
            connection.ok("fine");
            connection.drain();
            closed.countDown();
            return false;
        });
        var proxy = alone(SidecarSettings.DEFAULT, cluster("c", limits(10, Duration.ofMillis(50)), origin));
        assertEquals(200, get(proxy).status());
        assertTrue(closed.await(20, TimeUnit.SECONDS));
    }

    @Test
    void doesNotLetAnIdleConnectionKeepARequestOut() throws Exception {
        var one = origin((_, connection) -> connection.ok("one"));
        var two = origin((_, connection) -> connection.ok("two"));
        // One connection may be open in all; round robin wants another endpoint each time.
        var proxy = alone(SidecarSettings.DEFAULT, cluster("c", limits(1, Duration.ofSeconds(60)), one, two));
        for (int i = 0; i < 10; i++) assertEquals(200, get(proxy).status());
        assertEquals(5, one.requests().size());
    }

    @Test
    void findsAddressesOfNamesOffTheLoop() throws Exception {
        var origin = origin((_, connection) -> connection.ok("fine"));
        var proxy = alone(SidecarSettings.DEFAULT, named("localhost", origin.port()));
        assertEquals("fine", get(proxy).body());
        assertEquals("fine", get(proxy).body());
    }

    @Test
    void saysThatANameHasNoAddress() throws Exception {
        var response = get(alone(SidecarSettings.DEFAULT, named("no-such-name.invalid", 80)));
        assertEquals(503, response.status());
        assertEquals("UF", response.header("x-tulle-flag").orElse(""));
    }

    private static ClusterSpec named(String host, int port) {
        return clusterOf(new ClusterSpec.Source.Resolved(host, port), Optional.empty());
    }

    private static ClusterSpec clusterOf(ClusterSpec.Source source, Optional<OutlierPolicy> outliers) {
        return new ClusterSpec(
                "c",
                "c",
                source,
                Protocol.HTTP,
                new ClusterSpec.Security.Plaintext(),
                DestinationPolicy.NONE.with(Balancing.ROUND_ROBIN).with(outliers));
    }

    @Test
    void leavesAFailingEndpointOutAndLetsItBackIn() throws Exception {
        var ill = new AtomicBoolean(true);
        var bad = origin((_, connection) -> connection.answer(ill.get() ? 500 : 200, "x"));
        var good = origin((_, connection) -> connection.ok("x"));
        var policy = new OutlierPolicy(
                OptionalInt.of(3),
                OptionalInt.empty(),
                OptionalInt.empty(),
                false,
                Duration.ofMillis(100),
                Duration.ofMillis(300),
                100,
                0);
        var source = cluster("c", bad, good).source();
        var proxy = alone(SidecarSettings.DEFAULT, clusterOf(source, Optional.of(policy)));
        for (int i = 0; i < 6; i++) get(proxy);
        assertEquals(3, bad.requests().size());
        for (int i = 0; i < 10; i++) assertEquals(200, get(proxy).status());
        assertEquals(3, bad.requests().size());
        ill.set(false);
        while (bad.requests().size() == 3) assertEquals(200, get(proxy).status());
    }

    @Test
    void letsTheApplicationCallOutWhileItDrains() throws Exception {
        var asked = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var application = origin((_, connection) -> {
            asked.countDown();
            try {
                if (!go.await(20, TimeUnit.SECONDS)) return false;
            } catch (InterruptedException stopped) {
                throw new IOException(stopped);
            }
            return connection.ok("done");
        });
        var pair = new Pair(fleet, application.port());
        try (var busy = pair.call();
                var another = pair.call()) {
            busy.send("GET / HTTP/1.1\r\nHost: cart\r\n\r\n");
            assertTrue(asked.await(20, TimeUnit.SECONDS));
            var cartDrained = pair.cart.drain();
            var webDrained = pair.web.drain();
            webDrained.get(20, TimeUnit.SECONDS); // nobody calls web
            go.countDown();
            assertEquals("done", busy.response().body());
            cartDrained.get(20, TimeUnit.SECONDS);
            // The own application is still served: now its peer is gone, and it is told so.
            var response = another.send("GET / HTTP/1.1\r\nHost: cart\r\n\r\n").response();
            assertEquals(503, response.status());
        }
        assertEquals(Optional.empty(), fleet.nextReport().outcome().reason());
        assertEquals(Optional.empty(), fleet.nextReport().outcome().reason());
        assertEquals(
                Optional.of(Reason.CONNECT_FAILED), fleet.nextReport().outcome().reason());
    }
}
