package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.OutlierPolicy;
import io.tulle.proxy.balance.EndpointState;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.pool.ApplicationPorts;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Nowhere;
import io.tulle.testkit.RawSocket;
import io.tulle.testkit.TcpOrigin;
import io.tulle.testkit.TestLeaf;
import io.tulle.xds.spec.ActionSpec.Target;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.WireSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An opaque connection on its way to an endpoint: how often it is tried, what of it is counted, and when it ends. */
@ExtendWith(NoLeaks.class)
class TcpAttemptsTest {
    private static final String ASKED = "a peer was asked";
    private static final String ENDED = "its connection ended";
    private static final Duration LONG = Duration.ofMinutes(2);

    private final Fleet fleet = new Fleet();
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private final AtomicBoolean asked = new AtomicBoolean();

    @AfterEach
    void end() {
        fleet.close();
    }

    private Sidecar proxy(DestinationPolicy policy, int... ports) {
        var endpoints = new ArrayList<EndpointSpec>();
        for (var port : ports) endpoints.add(EndpointSpec.of("origin-" + endpoints.size(), "127.0.0.1", port));
        var cluster = new ClusterSpec(
                "c",
                "c",
                new ClusterSpec.Source.Fixed(endpoints),
                Protocol.TCP,
                new ClusterSpec.Security.Plaintext(),
                DestinationPolicy.NONE.with(policy));
        var wire = new WireSpec.Tcp(List.of(Target.of("c")), List.of());
        return fleet.alone(SidecarSettings.DEFAULT, Fleet.door(wire), cluster);
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

    private Optional<Reason> endOfOne(Sidecar proxy) throws Exception {
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            assertEquals("", client.rest());
        }
        return fleet.nextTcpReport().outcome().reason();
    }

    @Test
    void threeEndpointsAreTriedAtMostAndEachIsToldToOutlierDetection() throws Exception {
        var proxy = proxy(
                ejectingAfter(1),
                fleet.nobodyListens(),
                fleet.nobodyListens(),
                fleet.nobodyListens(),
                fleet.nobodyListens());
        assertEquals(Optional.of(Reason.CONNECT_FAILED), endOfOne(proxy));
        assertEquals(3, states(proxy).stream().filter(EndpointState::isEjected).count());
    }

    @Test
    void otherAttemptsTakeNoPlaceAmongRetries() throws Exception {
        var noRetries = new ConnectionLimits(
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.of(0),
                OptionalInt.of(0),
                OptionalInt.empty(),
                Duration.ofSeconds(5),
                Optional.empty());
        try (var there = TcpOrigin.echo()) {
            var proxy = proxy(noRetries, fleet.nobodyListens(), there.port(), fleet.nobodyListens());
            for (var i = 0; i < 6; i++) {
                try (var client = RawSocket.to(Fleet.at(proxy))) {
                    assertEquals("ping", client.send("ping").until("ping"));
                }
            }
        }
    }

    @Test
    void aConnectionThatOpensEndsARowOfFailures() throws Exception {
        var before = Nowhere.take();
        var port = before.port();
        var proxy = proxy(ejectingAfter(2), port);
        try (before) {
            assertEquals(Optional.of(Reason.CONNECT_FAILED), endOfOne(proxy));
        }
        try (var server = new ServerSocket(port, 10, InetAddress.getLoopbackAddress());
                var client = RawSocket.to(Fleet.at(proxy))) {
            server.accept().close();
            assertEquals("", client.rest());
        }
        assertEquals(Optional.empty(), fleet.nextTcpReport().outcome().reason());
        try (var _ = Nowhere.take(port)) {
            assertEquals(Optional.of(Reason.CONNECT_FAILED), endOfOne(proxy));
            assertEquals(Optional.of(Reason.CONNECT_FAILED), endOfOne(proxy), "one failure in a row does not eject");
            assertEquals(Optional.of(Reason.NONE_HEALTHY), endOfOne(proxy));
        }
    }

    @Test
    void anEndpointIsActiveAsLongAsItsConnection() throws Exception {
        try (var there = TcpOrigin.echo()) {
            var proxy = proxy(ConnectionLimits.DEFAULT, there.port());
            try (var client = RawSocket.to(Fleet.at(proxy))) {
                client.send("ping").until("ping");
                assertEquals(1, states(proxy).getFirst().active());
            }
            fleet.nextTcpReport();
            assertEquals(0, states(proxy).getFirst().active());
        }
    }

    private static List<EndpointState> states(Sidecar proxy) {
        var cluster = proxy.plan().current().cluster("c").orElseThrow();
        return cluster.endpoints().endpoints().stream().map(e -> e.state()).toList();
    }

    // A peer's sidecar that is asked and never says whether its application took the connection.

    private TcpOrigin silentPeer(TestLeaf leaf) throws IOException, GeneralSecurityException {
        var context = leaf.trustingContext("TLSv1.3");
        return TcpOrigin.start(socket -> {
            try (var secured =
                    (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true)) {
                secured.setUseClientMode(false);
                var parameters = secured.getSSLParameters();
                parameters.setApplicationProtocols(new String[] {"tulle-tcp/3", "http/1.1", "h2"});
                secured.setSSLParameters(parameters);
                secured.startHandshake();
                if (!asked.compareAndSet(false, true)) return; // a door of HTTP dials anew
                seen.add(ASKED);
                readToEnd(secured);
                seen.add(ENDED);
            }
        });
    }

    private static void readToEnd(Socket socket) {
        try {
            socket.getInputStream().readAllBytes();
        } catch (IOException reset) {
            // an end too
        }
    }

    private void assertSeen(String what) throws InterruptedException {
        assertEquals(what, seen.poll(20, TimeUnit.SECONDS));
    }

    private Pair pairTowards(TcpOrigin application) {
        return new Pair(fleet, application.port(), Protocol.TCP, ApplicationPorts.asDeclared());
    }

    @Test
    void aCallerThatHangsUpWhileThePeerIsAskedEndsThePeersConnectionAtOnce() throws Exception {
        try (var application = TcpOrigin.echo()) {
            var pair = pairTowards(application);
            try (var peer = silentPeer(pair.cartLeaf())) {
                Fleet.apply(pair.web, pair.webSpecs(peer.port(), LONG));
                var client = pair.call();
                assertSeen(ASKED);
                client.reset();
                assertSeen(ENDED);
                assertEquals(
                        Optional.of(Reason.CALLER_GONE),
                        fleet.nextTcpReport().outcome().reason());
            }
        }
    }

    /** Takes connections and says nothing: no handshake with it ends. */
    private TcpOrigin mute() throws IOException {
        return TcpOrigin.start(socket -> {
            if (socket.getInputStream().read() < 0) return;
            seen.add(ASKED);
            readToEnd(socket);
            seen.add(ENDED);
        });
    }

    @Test
    void aCallerThatHangsUpWhileAPeerIsDialledEndsTheDialAtOnce() throws Exception {
        try (var application = TcpOrigin.echo();
                var mute = mute()) {
            var pair = pairTowards(application);
            Fleet.apply(pair.web, pair.webSpecs(mute.port(), LONG));
            var client = pair.call();
            assertSeen(ASKED);
            client.reset();
            assertSeen(ENDED);
        }
    }

    @Test
    void soDoesACallerOfMessages() throws Exception {
        try (var mute = mute()) {
            var pair = new Pair(fleet, mute.port(), Protocol.NEST_TCP, ApplicationPorts.asDeclared());
            Fleet.apply(pair.web, pair.webSpecs(mute.port(), LONG));
            var client = pair.call();
            var message = "{\"pattern\":\"p\",\"data\":1,\"id\":\"i\"}";
            client.send(message.length() + "#" + message);
            assertSeen(ASKED);
            client.reset();
            assertSeen(ENDED);
        }
    }

    @Test
    void soDoesACallerThatTurnsOutToSpeakHttp() throws Exception {
        try (var application = TcpOrigin.echo()) {
            var pair = pairTowards(application);
            try (var peer = silentPeer(pair.cartLeaf())) {
                Fleet.apply(pair.web, undeclared(pair.webSpecs(peer.port(), LONG)));
                try (var client = pair.call()) {
                    assertSeen(ASKED);
                    client.send("GET / HTTP/1.1\r\nHost: cart\r\n\r\n");
                    assertSeen(ENDED);
                }
            }
        }
    }

    private static Spec[] undeclared(Spec[] specs) {
        var all = new ArrayList<Spec>();
        for (var spec : specs) {
            if (spec instanceof ListenerSpec listener) {
                var http = new WireSpec.Http("routes", List.of());
                var tcp = new WireSpec.Tcp(List.of(Target.of("outbound")), List.of());
                var chain =
                        new ChainSpec("4000", 4000, List.of(), ChainSpec.PLAINTEXT, new WireSpec.Detected(http, tcp));
                all.add(new ListenerSpec(listener.name(), listener.place(), List.of(chain)));
            } else {
                all.add(spec);
            }
        }
        all.add(Fleet.table(RouteSpec.toCluster("all", "outbound")));
        return all.toArray(Spec[]::new);
    }

    @Test
    void aPeerThatIsAskedAndGoneEndsTheCallersConnection() throws Exception {
        try (var application = TcpOrigin.echo()) {
            var pair = pairTowards(application);
            var peer = silentPeer(pair.cartLeaf());
            Fleet.apply(pair.web, pair.webSpecs(peer.port(), LONG));
            try (var client = pair.call()) {
                assertSeen(ASKED);
                peer.close();
                assertEquals("", client.rest());
            }
            var ended = fleet.nextTcpReport();
            assertEquals(Optional.of(Reason.CONNECT_FAILED), ended.outcome().reason());
            assertTrue(
                    ended.outcome().detail().contains("cart-1"), ended.outcome().detail());
        }
    }
}
