package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.OutlierPolicy;
import io.tulle.model.policy.RetryPolicy;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.proxy.balance.EndpointState;
import io.tulle.proxy.pool.ApplicationPorts;
import io.tulle.testkit.NestSocket;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Nowhere;
import io.tulle.testkit.TcpOrigin;
import io.tulle.testkit.TestPki;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.TrustSpec;
import io.tulle.xds.spec.WireSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Events are under the same rules and limits as calls, as far as that keeps their order. */
@ExtendWith(NoLeaks.class)
class NestEventsTest {
    private static final RouteSpec ALL = RouteSpec.toCluster("all", "c");
    private static final String EVENT = "{\"pattern\":\"seen\",\"data\":1}";
    private static final String CALL = "{\"pattern\":\"sum\",\"data\":1,\"id\":\"x\"}";

    private final Fleet fleet = new Fleet();

    @AfterEach
    void end() {
        fleet.close();
    }

    private Sidecar proxy(RouteSpec route, ClusterSpec cluster) {
        return fleet.alone(
                SidecarSettings.DEFAULT,
                Fleet.door(new WireSpec.NestTcp("routes", List.of())),
                cluster,
                Fleet.table(route));
    }

    private static ClusterSpec cluster(DestinationPolicy policy, int... ports) {
        var endpoints = new ArrayList<EndpointSpec>();
        for (var port : ports) endpoints.add(EndpointSpec.of("origin-" + endpoints.size(), "127.0.0.1", port));
        return new ClusterSpec(
                "c",
                "c",
                new ClusterSpec.Source.Fixed(endpoints),
                Protocol.NEST_TCP,
                new ClusterSpec.Security.Plaintext(),
                DestinationPolicy.NONE.with(policy));
    }

    private static ConnectionLimits limits(OptionalInt requests, OptionalInt retries) {
        return new ConnectionLimits(
                OptionalInt.empty(),
                OptionalInt.empty(),
                requests,
                retries,
                OptionalInt.empty(),
                Duration.ofSeconds(20),
                Optional.empty());
    }

    private static OutlierPolicy ejectingAfter(int consecutive) {
        return new OutlierPolicy(
                OptionalInt.of(consecutive),
                OptionalInt.empty(),
                OptionalInt.empty(),
                false,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                100,
                0);
    }

    private static RouteSpec retrying(int attempts) {
        var retries =
                new RetryPolicy(attempts, Optional.empty(), Set.of(), List.of(), Duration.ofMillis(25), false, true);
        return new RouteSpec(
                "all",
                List.of(RequestMatch.ANY),
                ActionSpec.Forward.to("c"),
                RoutePolicy.set(Optional.empty(), Optional.of(retries), Optional.empty()));
    }

    private int attemptsOfOneEvent(Sidecar proxy) throws Exception {
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            client.send(EVENT);
            return fleet.nextReport().attempts();
        }
    }

    @Test
    void outlierDetectionHearsThatAnEventReachedNobody() throws Exception {
        var proxy = proxy(ALL, cluster(ejectingAfter(1), fleet.nobodyListens()));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            client.send(EVENT);
            assertEquals("UF", fleet.nextReport().outcome().flags());
            client.send(EVENT);
            assertEquals("UH", fleet.nextReport().outcome().flags());
        }
    }

    @Test
    void aConnectionThatOpensForAnEventEndsARowOfFailures() throws Exception {
        var before = Nowhere.take();
        var port = before.port();
        var proxy = proxy(ALL, cluster(ejectingAfter(2), port));
        try (before) {
            assertEquals("UF", flagsOfOneEvent(proxy));
        }
        try (var _ = new ServerSocket(port, 10, InetAddress.getLoopbackAddress())) {
            assertEquals("-", flagsOfOneEvent(proxy));
        }
        try (var _ = Nowhere.take(port)) {
            assertEquals("UF", flagsOfOneEvent(proxy));
            assertEquals("UF", flagsOfOneEvent(proxy), "one failure in a row does not eject");
            assertEquals("UH", flagsOfOneEvent(proxy));
        }
    }

    private String flagsOfOneEvent(Sidecar proxy) throws Exception {
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            client.send(EVENT);
            return fleet.nextReport().outcome().flags();
        }
    }

    @Test
    void anEventThatWaitsForItsConnectionIsAnActiveRequest() throws Exception {
        var dialled = new CountDownLatch(1);
        var hangUp = new CountDownLatch(1);
        try (var silent = TcpOrigin.start(_ -> {
            dialled.countDown();
            await(hangUp);
        })) {
            var pki = TestPki.create();
            var identity = new Fleet.TestIdentity(pki.leaf(Pair.WEB, "web-1"));
            var proxy = fleet.sidecar(SidecarSettings.DEFAULT, identity, ApplicationPorts.asDeclared());
            var towards = new ClusterSpec(
                    "c",
                    "c",
                    new ClusterSpec.Source.Fixed(List.of(EndpointSpec.of("cart-1", "127.0.0.1", silent.port()))),
                    Protocol.NEST_TCP,
                    new ClusterSpec.Security.MutualTls(Pair.SERVER_NAME, List.of(Pair.CART)),
                    DestinationPolicy.NONE.with(limits(OptionalInt.of(1), OptionalInt.of(0))));
            Fleet.apply(
                    proxy,
                    Fleet.door(new WireSpec.NestTcp("routes", List.of())),
                    towards,
                    new TrustSpec("ROOTCA", "tulle", List.of(pki.rootPem())),
                    Fleet.table(ALL));
            try (var client = NestSocket.to(Fleet.at(proxy))) {
                client.send(EVENT);
                assertTrue(dialled.await(20, TimeUnit.SECONDS));
                assertEquals(1, stateOf(proxy).active());
                client.send(CALL);
                assertTrue(client.next().contains("TUL1607"), "the only place is taken");
                assertEquals("UO", fleet.nextReport().outcome().flags());
                hangUp.countDown();
                assertEquals("UF", fleet.nextReport().outcome().flags());
                assertEquals(0, stateOf(proxy).active());
                client.send(CALL);
                assertEquals("UF", fleet.nextReport().outcome().flags(), "the place was given back");
            }
        }
    }

    private static EndpointState stateOf(Sidecar proxy) {
        var cluster = proxy.plan().current().cluster("c").orElseThrow();
        return cluster.endpoints().endpoints().getFirst().state();
    }

    @Test
    void anotherAttemptTakesAPlaceAmongRetries() throws Exception {
        var none = limits(OptionalInt.empty(), OptionalInt.of(0));
        assertEquals(1, attemptsOfOneEvent(proxy(ALL, cluster(none, fleet.nobodyListens(), fleet.nobodyListens()))));
    }

    @Test
    void aRouteThatTurnsRetriesOffMeansEventsToo() throws Exception {
        var cluster = cluster(ConnectionLimits.DEFAULT, fleet.nobodyListens(), fleet.nobodyListens());
        assertEquals(1, attemptsOfOneEvent(proxy(retrying(0), cluster)));
    }

    @Test
    void asManyEndpointsAreTriedAsTheRouteSaysButThreeAtMost() throws Exception {
        var three =
                cluster(ConnectionLimits.DEFAULT, fleet.nobodyListens(), fleet.nobodyListens(), fleet.nobodyListens());
        assertEquals(2, attemptsOfOneEvent(proxy(retrying(1), three)));
        var four = cluster(
                ConnectionLimits.DEFAULT,
                fleet.nobodyListens(),
                fleet.nobodyListens(),
                fleet.nobodyListens(),
                fleet.nobodyListens());
        assertEquals(3, attemptsOfOneEvent(proxy(retrying(900), four)));
    }

    @Test
    void theSameEndpointIsNotTriedTwiceWithoutAPause() throws Exception {
        assertEquals(1, attemptsOfOneEvent(proxy(ALL, cluster(ConnectionLimits.DEFAULT, fleet.nobodyListens()))));
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) throw new IOException("nobody let it go on");
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }
}
