package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.SpiffeId;
import io.tulle.proxy.tls.Peer;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawResponse;
import io.tulle.testkit.RawSocket;
import io.tulle.testkit.TestLeaf;
import io.tulle.testkit.TestPki;
import io.tulle.testkit.TestPki.Shape;
import io.tulle.xds.spec.RouteSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two sidecars with mutual TLS between them; each refusal stands beside a call that passes. */
@ExtendWith(NoLeaks.class)
class MutualTlsTest {
    private static final String GET = "GET /items HTTP/1.1\r\nHost: cart:4000\r\n\r\n";

    private final Fleet fleet = new Fleet();
    private Origin application;
    private Pair pair;

    @BeforeEach
    void begin() throws IOException {
        application = Origin.saying("2 items");
        pair = new Pair(fleet, application.port());
    }

    @AfterEach
    void end() throws IOException {
        fleet.close();
        application.close();
    }

    private RawResponse call() throws IOException {
        try (var client = pair.call()) {
            return client.send(GET).response();
        }
    }

    @Test
    void carriesACallWithBothIdentitiesProved() throws Exception {
        assertEquals("2 items", call().body());
        var first = fleet.nextReport();
        var second = fleet.nextReport();
        var inbound = first.connection().peer() instanceof Peer.Known ? first : second;
        assertEquals(
                new Peer.Known(Pair.WEB, Optional.of("web-1")),
                inbound.connection().peer());
        var seen = application.requests().getFirst();
        assertEquals("cart:4000", seen.header("host").orElseThrow());
        assertEquals(
                "URI=" + Pair.WEB.uri(), seen.header("x-forwarded-client-cert").orElseThrow());
    }

    @Test
    void believesNoHeaderAboutIdentity() throws Exception {
        try (var client = pair.call()) {
            client.send(
                    "GET / HTTP/1.1\r\nHost: cart\r\nX-Forwarded-Client-Cert: URI=spiffe://tulle/ns/shop/sa/root\r\n\r\n");
            assertEquals(200, client.response().status());
        }
        var seen = application.requests().getFirst();
        assertEquals(List.of("URI=" + Pair.WEB.uri()), seen.all("x-forwarded-client-cert"));
    }

    /** WSGI, CGI and their like read an underscore as a hyphen, and some servers merge trailers into the head. */
    @Test
    void believesNoDisguisedHeaderAndNoTrailerAboutIdentity() throws Exception {
        var forged = "spiffe://tulle/ns/shop/sa/root";
        try (var client = pair.call()) {
            client.send("POST / HTTP/1.1\r\nHost: cart\r\nX_Forwarded_Client_Cert: " + forged
                    + "\r\nx-forwarded_client.cert: " + forged + "\r\nContent_Length: 7\r\nX_Kept: yes\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Forwarded-Client-Cert: " + forged
                    + "\r\nX_Forwarded_Client_Cert: " + forged + "\r\nAuthorization: " + forged
                    + "\r\nX-Checksum: 1\r\n\r\n");
            assertEquals(200, client.response().status());
        }
        var seen = application.requests().getFirst();
        assertEquals(List.of("URI=" + Pair.WEB.uri()), seen.all("x-forwarded-client-cert"));
        assertFalse(seen.toString().contains(forged), seen::toString);
        assertEquals(List.of(), seen.all("content_length"));
        assertEquals(List.of("yes"), seen.all("x_kept"));
    }

    @Test
    void refusesPlaintextAtTheMeshPort() throws Exception {
        assertEquals(200, call().status());
        try (var client = RawSocket.to(pair.inbound())) {
            assertEquals("", client.send(GET).rest());
        }
        assertTrue(fleet.nextRefusal().startsWith("TUL1701"));
        assertEquals(1, application.requests().size());
        assertEquals(200, call().status());
    }

    @Test
    void letsPlaintextInAsAnonymousWhereThePlanSaysSo() throws Exception {
        Fleet.apply(pair.cart, pair.permissiveCartSpecs(application.port()));
        try (var client = RawSocket.to(pair.inbound())) {
            assertEquals("2 items", client.send(GET).response().body());
        }
        assertEquals(Peer.ANONYMOUS, fleet.nextReport().connection().peer());
        assertEquals(Optional.empty(), application.requests().getFirst().header("x-forwarded-client-cert"));
        assertEquals(200, call().status());
    }

    @Test
    void refusesPlaintextThatCouldBeForEitherOfTwoPorts() throws Exception {
        Fleet.apply(pair.cart, pair.permissiveCartSpecs(application.port(), 4001));
        try (var client = RawSocket.to(pair.inbound())) {
            assertEquals("", client.send(GET).rest());
        }
        assertTrue(fleet.nextRefusal().startsWith("TUL1712"));
        assertEquals(0, application.requests().size());
        assertEquals(200, call().status());
    }

    @Test
    void refusesTls12() throws Exception {
        assertTrue(directly(pair.pki.leaf(Pair.WEB, "web-2"), "TLSv1.3").contains("2 items"));
        assertThrows(IOException.class, () -> directly(pair.pki.leaf(Pair.WEB, "web-2"), "TLSv1.2"));
        assertTrue(fleet.nextRefusal().startsWith("TUL1702"));
        assertEquals(1, application.requests().size());
    }

    @Test
    void refusesAClientOfAForeignRoot() throws Exception {
        refusesClient(TestPki.create().leaf(Pair.WEB, "web-1"));
    }

    @ParameterizedTest
    @EnumSource(value = Shape.class, names = "GOOD", mode = EnumSource.Mode.EXCLUDE)
    void refusesAClientWhoseLeafIs(Shape shape) throws Exception {
        refusesClient(pair.pki.leaf(List.of(Pair.WEB.uri()), List.of("web-1"), shape));
    }

    @Test
    void refusesAClientWithTwoIdentities() throws Exception {
        refusesClient(pair.pki.leaf(List.of(Pair.WEB.uri(), Pair.CART.uri()), List.of("web-1"), Shape.GOOD));
    }

    @Test
    void refusesAClientWithoutAnIdentity() throws Exception {
        refusesClient(pair.pki.leaf(List.of(), List.of("web.shop.tulle"), Shape.GOOD));
    }

    @Test
    void refusesAClientOfAnUntrustedDomain() throws Exception {
        refusesClient(pair.pki.leaf(SpiffeId.of("elsewhere", "shop", "web"), "web-1"));
    }

    private void refusesClient(TestLeaf leaf) throws Exception {
        assertTrue(directly(pair.pki.leaf(Pair.WEB, "web-2"), "TLSv1.3").contains("2 items"));
        assertThrows(IOException.class, () -> directly(leaf, "TLSv1.3"));
        assertTrue(fleet.nextRefusal().startsWith("TUL1702"));
        assertEquals(1, application.requests().size());
        assertTrue(directly(pair.pki.leaf(Pair.WEB, "web-2"), "TLSv1.3").contains("2 items"));
    }

    /** Comes to the mesh port with the JDK's own TLS. */
    private String directly(TestLeaf leaf, String protocol) throws Exception {
        var factory = leaf.trustingContext(protocol).getSocketFactory();
        try (var socket =
                (SSLSocket) factory.createSocket("127.0.0.1", pair.inbound().getPort())) {
            var parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(Pair.SERVER_NAME)));
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            parameters.setProtocols(new String[] {protocol});
            socket.setSSLParameters(parameters);
            return RawSocket.over(socket).send(GET).response().body();
        }
    }

    @Test
    void refusesAServerOfAForeignRoot() throws Exception {
        refusesServer(TestPki.create().leaf(Pair.CART, "cart-1"));
    }

    @Test
    void refusesAServerWhoseLeafExpired() throws Exception {
        refusesServer(pair.pki.expired(Pair.CART, "cart-1"));
    }

    @Test
    void refusesAnotherServiceAsServer() throws Exception {
        refusesServer(pair.pki.leaf(SpiffeId.of("tulle", "shop", "payment"), "payment-1"));
    }

    private void refusesServer(TestLeaf leaf) throws Exception {
        pair.cartIdentity.set(leaf);
        var refused = call();
        assertEquals(503, refused.status());
        assertTrue(refused.body().startsWith("TUL1605"), refused.body());
        assertEquals(0, application.requests().size());
        pair.cartIdentity.set(pair.pki.leaf(Pair.CART, "cart-1"));
        assertEquals(200, call().status());
    }

    @Test
    void takesANewLeafWithoutDroppingConnections() throws Exception {
        try (var client = pair.call()) {
            assertEquals(200, client.send(GET).response().status());
            pair.webIdentity.set(pair.pki.leaf(Pair.WEB, "web-9"));
            pair.cartIdentity.set(pair.pki.leaf(Pair.CART, "cart-9"));
            assertEquals(200, client.send(GET).response().status());
        }
    }

    @Test
    void asksThePlanInForceForTheIdentityToExpect() throws Exception {
        assertEquals(200, call().status());
        var other = SpiffeId.of("tulle", "shop", "payment");
        Fleet.apply(pair.web, pair.webSpecs(List.of(other), RouteSpec.toCluster("all", "outbound")));
        assertEquals(503, call().status());
        Fleet.apply(pair.web, pair.webSpecs(List.of(other, Pair.CART), RouteSpec.toCluster("all", "outbound")));
        assertEquals(200, call().status());
    }

    @Test
    void opensAFewConnectionsAtOnce() throws Exception {
        try (var mute =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200)) {
            mute.configureBlocking(false); // it accepts, and says nothing
            Fleet.apply(pair.web, pair.webSpecs(mute.socket().getLocalPort(), Duration.ofSeconds(1)));
            var callers = new ArrayList<RawSocket>();
            for (int i = 0; i < 60; i++) callers.add(pair.call().send(GET));
            for (var caller : callers) {
                assertEquals(503, caller.response().status());
                caller.close();
            }
            var opened = 0;
            for (var next = mute.accept(); next != null; next = mute.accept()) {
                opened++;
                next.close();
            }
            // Each call is tried three times, so that it would be 180 with one for each.
            assertTrue(opened >= 8 && opened < 60, opened + " connections");
        }
        Fleet.apply(pair.web, pair.webSpecs(List.of(Pair.CART), RouteSpec.toCluster("all", "outbound")));
        assertEquals(200, call().status());
    }
}
