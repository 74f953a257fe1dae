package io.tulle.proxy;

import static io.tulle.testkit.RawHttp2.HEADERS;
import static io.tulle.testkit.RawHttp2.RST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.AuthorizationRule;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.plan.Addresses;
import io.tulle.proxy.pool.ApplicationPorts;
import io.tulle.testkit.NestOrigin;
import io.tulle.testkit.NestSocket;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawHttp2;
import io.tulle.testkit.RawSocket;
import io.tulle.testkit.TcpOrigin;
import io.tulle.testkit.TestPki;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.TrustSpec;
import io.tulle.xds.spec.WireSpec;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What was let in and is open does not outlive a policy that forbids it. */
@ExtendWith(NoLeaks.class)
class RevokedTest {
    private static final Authorization NO_WEB = new Authorization(
            "shop/no-web",
            Authorization.Action.DENY,
            List.of(new AuthorizationRule(
                    List.of(new AuthorizationRule.Source(
                            List.of(new TextMatch.Exact(Pair.WEB.principal())),
                            List.of(),
                            List.of(),
                            List.of(),
                            List.of(),
                            List.of())),
                    List.of())));
    private static final Authorization NOBODY = new Authorization("shop/nobody", Authorization.Action.ALLOW, List.of());
    private static final String UPGRADE =
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    private final Fleet fleet = new Fleet(2);
    private final CountDownLatch inside = new CountDownLatch(1);

    @AfterEach
    void end() {
        fleet.close();
    }

    private Origin echoingWebSocket() throws IOException {
        return fleet.keep(Origin.start((_, connection) -> {
            connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhi");
            for (var b = connection.read(); b >= 0; b = connection.read()) connection.send(new byte[] {(byte) b});
            return false;
        }));
    }

    @Test
    void aWebSocketEndsWithTheRightOfItsCaller() throws Exception {
        var application = echoingWebSocket();
        var pair = new Pair(fleet, application.port());
        try (var client = pair.call()) {
            client.send(UPGRADE).until("\r\n\r\nhi");
            Fleet.apply(pair.cart, pair.cartSpecs(application.port(), List.of())); // says nothing new
            client.send("still").until("still");
            Fleet.apply(pair.cart, pair.cartSpecs(application.port(), List.of(NO_WEB)));
            assertEquals("", client.rest());
        }
        for (var report = fleet.nextReport(); ; report = fleet.nextReport()) { // of either sidecar
            if (report.outcome().reason().equals(Optional.of(Reason.DENIED))) break;
        }
    }

    @Test
    void aConnectionEndsWhenTheRootOfItsPeerIsTakenAway() throws Exception {
        var application = echoingWebSocket();
        var pair = new Pair(fleet, application.port());
        try (var client = pair.call()) {
            client.send(UPGRADE).until("\r\n\r\nhi");
            Fleet.apply(pair.cart, others(pair.cartSpecs(application.port(), List.of())));
            assertEquals("", client.rest(), "the callee's sidecar trusts its peer no more");
        }
    }

    @Test
    void aConnectionTowardsAPeerEndsWhenItsRootIsTakenAway() throws Exception {
        var application = echoingWebSocket();
        var pair = new Pair(fleet, application.port());
        try (var client = pair.call()) {
            client.send(UPGRADE).until("\r\n\r\nhi");
            Fleet.apply(pair.web, pair.webSpecs(List.of(Pair.CART), RouteSpec.toCluster("all", "outbound")));
            client.send("still").until("still");
            Fleet.apply(pair.web, others(pair.webSpecs(List.of(Pair.CART), RouteSpec.toCluster("all", "outbound"))));
            assertEquals("", client.rest(), "the caller's sidecar trusts its peer no more");
        }
    }

    /** The same, trusting another root alone. */
    private static Spec[] others(Spec... specs) {
        var other = new TrustSpec("ROOTCA", "tulle", List.of(TestPki.create().rootPem()));
        return Arrays.stream(specs)
                .map(spec -> spec instanceof TrustSpec ? other : spec)
                .toArray(Spec[]::new);
    }

    /** Answers half, and waits to be hung up on. */
    private Origin halfAnswering() throws IOException {
        return fleet.keep(Origin.start((request, connection) -> {
            if (!request.target().equals("/slow")) return connection.ok("quick");
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            connection.drain();
            return false;
        }));
    }

    @Test
    void aStreamInFlightIsResetAndTheConnectionStays() throws Exception {
        var origin = halfAnswering();
        var route = RouteSpec.toCluster("all", "c");
        var proxy = fleet.alone(
                SidecarSettings.DEFAULT, Fleet.door(Fleet.routed()), Fleet.cluster("c", origin), Fleet.table(route));
        try (var client = RawHttp2.to(Fleet.at(proxy))) {
            client.headers(1, RawHttp2.WHOLE, ":method", "GET", ":scheme", "http", ":path", "/slow", ":authority", "a")
                    .go()
                    .next(RawHttp2.DATA);
            var closed = Fleet.door(new WireSpec.Http("routes", List.of(NOBODY)));
            Fleet.apply(proxy, closed, Fleet.cluster("c", origin), Fleet.table(route));
            assertEquals(1, client.next(RST).stream());
            assertEquals("403", client.fields(client.get(3).go().next(HEADERS)).get(":status"));
        }
        assertEquals(Optional.of(Reason.DENIED), fleet.nextReport().outcome().reason());
    }

    @Test
    void aRequestThatIsNotAnsweredYetIsDenied() throws Exception {
        var origin = fleet.keep(Origin.start((_, connection) -> {
            inside.countDown();
            connection.drain();
            return false;
        }));
        var pair = new Pair(fleet, origin.port());
        try (var client = pair.call()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(inside.await(20, TimeUnit.SECONDS));
            Fleet.apply(pair.cart, pair.cartSpecs(origin.port(), List.of(NO_WEB)));
            var answer = client.response();
            assertEquals(403, answer.status());
            assertTrue(answer.body().startsWith("TUL1602"), answer.body());
        }
    }

    @Test
    void aNestCallInFlightIsDenied() throws Exception {
        var application = fleet.keep(NestOrigin.start((message, connection) -> {
            if (!message.contains("first")) return; // the second is never answered
            connection.send(NestOrigin.reply("\"yes\"", NestSocket.id(message)));
        }));
        var pair = new Pair(fleet, application.port(), Protocol.NEST_TCP, ApplicationPorts.asDeclared());
        try (var client = pair.callNest()) {
            client.send("{\"pattern\":\"first\",\"data\":1,\"id\":\"a\"}");
            assertTrue(client.next().contains("yes"));
            client.send("{\"pattern\":\"second\",\"data\":1,\"id\":\"b\"}");
            while (application.messages().size() < 2) Thread.onSpinWait();
            Fleet.apply(pair.cart, pair.cartSpecs(application.port(), List.of(NO_WEB)));
            var denied = client.next();
            assertTrue(denied.contains("TUL1602") && denied.contains("\"b\""), denied);
        }
    }

    @Test
    void plaintextThatIsOpenEndsWhenOnlyMutualTlsIsTaken() throws Exception {
        var application = echoingWebSocket();
        var pair = new Pair(fleet, application.port());
        Fleet.apply(pair.cart, pair.permissiveCartSpecs(application.port()));
        try (var client = RawSocket.to(pair.inbound())) {
            client.send(UPGRADE).until("\r\n\r\nhi");
            Fleet.apply(pair.cart, pair.cartSpecs(application.port(), List.of()));
            assertEquals("", client.rest());
        }
    }

    @Test
    void opaquePlaintextToo() throws Exception {
        try (var application = TcpOrigin.echo()) {
            var pair = new Pair(fleet, application.port(), Protocol.TCP, ApplicationPorts.asDeclared());
            Fleet.apply(pair.cart, pair.permissiveCartSpecs(application.port()));
            try (var client = RawSocket.to(Addresses.loopback(pair.inbound().getPort()))) {
                client.send("a").until("a");
                Fleet.apply(pair.cart, pair.cartSpecs(application.port(), List.of()));
                assertEquals("", client.rest());
            }
        }
    }
}
