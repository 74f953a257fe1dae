package io.tulle.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.SpiffeId;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawSocket;
import io.tulle.testkit.TestLeaf;
import io.tulle.testkit.TestPki;
import io.tulle.testkit.TestPki.Shape;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What may come to the mesh port of a STRICT sidecar and is not a peer with a proved identity: each is closed with a code in
 * the log, nothing of it reaches the application, and a good call passes after it.
 */
@ExtendWith(NoLeaks.class)
class HostileTlsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: cart\r\n\r\n";
    private static final String PLAINTEXT = "TUL1701";
    private static final String HANDSHAKE = "TUL1702";
    private static final String NO_CHAIN = "TUL1703";

    private static Fleet fleet;
    private static Origin application;
    private static Pair pair;
    private static TestLeaf good;

    @BeforeAll
    static void begin() throws IOException {
        fleet = new Fleet();
        application = Origin.start((_, connection) -> connection.ok("fine"));
        pair = new Pair(fleet, application.port());
        good = pair.pki.leaf(Pair.WEB, "web-2");
    }

    @AfterAll
    static void end() throws IOException {
        fleet.close();
        application.close();
    }

    /** Comes to the mesh port and does its worst; throws or returns when the port has closed. */
    private interface Strike {
        void at(RawSocket port) throws Exception;
    }

    /**
     * @param source where the attack, or the rule that it breaks, is written down
     */
    record Attack(String name, String source, String code, Strike strike) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Attack bytes(String name, String source, String code, byte[] bytes) {
        return new Attack(name, source, code, port -> {
            port.send(bytes);
            port.shutdownOutput();
            port.rest();
        });
    }

    private static Attack text(String name, String source, String text) {
        return bytes(name, source, PLAINTEXT, text.getBytes(ISO_8859_1));
    }

    private static Attack hex(String name, String source, String code, String hex) {
        return bytes(name, source, code, HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static ClientHello hello() {
        return ClientHello.to(Pair.SERVER_NAME, good, "TLSv1.3");
    }

    private static Attack hello(String name, String source, ClientHello hello) {
        return bytes(name, source, HANDSHAKE, hello.record());
    }

    static Stream<Attack> notTls() {
        return Stream.of(
                text("an HTTP request", "Tulle's STRICT; Istio PeerAuthentication", GET),
                text("an HTTP/2 preface", "RFC 9113 3.4", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                text("a Nest TCP message", "@nestjs/microservices, json-socket", "23#{\"pattern\":\"x\",\"id\":\"1\"}"),
                text(
                        "PROXY v1 from the network",
                        "PROXY protocol 2.1: who may send it",
                        "PROXY TCP4 1.2.3.4 1.2.3.5 1 2\r\n"),
                hex(
                        "PROXY v2 from the network",
                        "PROXY protocol 2.2",
                        PLAINTEXT,
                        "0d0a0d0a000d0a515549540a 20 00 0000"),
                text("SSH", "RFC 4253 4.2", "SSH-2.0-OpenSSH_9.2\r\n"),
                text("one zero byte", "fuzzing", "\0"),
                hex(
                        "an SSL 2 hello",
                        "RFC 6176",
                        PLAINTEXT,
                        "802e 01 0002 0015 0000 0010 0100800200800300800400800500800600"),
                hex("application data first", "RFC 8446 5.1", PLAINTEXT, "17 0303 0005 0102030405"),
                hex("an alert first", "RFC 8446 6", PLAINTEXT, "15 0303 0002 0228"),
                hex("change_cipher_spec first", "RFC 8446 5; CVE-2014-0224", PLAINTEXT, "14 0303 0001 01"),
                hex("a heartbeat first", "RFC 6520; CVE-2014-0160", PLAINTEXT, "18 0303 0003 014000"));
    }

    static Stream<Attack> records() {
        var whole = hello().record();
        return Stream.of(
                hex("an empty handshake record", "RFC 8446 5.1: no zero-length fragments", HANDSHAKE, "16 0301 0000"),
                hex("a record over 2^14 bytes", "RFC 8446 5.1: record_overflow", HANDSHAKE, "16 0301 ffff 01"),
                hex("a record of no known version", "RFC 8446 5.1", HANDSHAKE, "16 4747 0005 01 000001 00"),
                hex("a message of 16 MiB", "CVE-2016-6308: memory for a length", HANDSHAKE, "16 0301 0004 01 ffffff"),
                hex("a ServerHello from a client", "RFC 8446 4", HANDSHAKE, "16 0303 0006 02 000002 0303"),
                hex(
                        "a Finished first",
                        "RFC 8446 4; early-Finished attacks (SMACK)",
                        HANDSHAKE,
                        "16 0303 0006 14 000002 0000"),
                bytes("half a hello, then the end", "slow or broken clients", HANDSHAKE, Arrays.copyOf(whole, 60)),
                bytes(
                        "a hello, then plaintext",
                        "RFC 8446 2: the flight goes on encrypted",
                        HANDSHAKE,
                        joined(whole, GET)),
                bytes(
                        "two hellos",
                        "RFC 8446 4.1.2: once, unless asked to retry",
                        HANDSHAKE,
                        joined(whole, new String(whole, ISO_8859_1))));
    }

    static Stream<Attack> hellos() {
        return Stream.of(
                hello("SSL 3.0", "RFC 7568; POODLE", old(0x0300)),
                hello("TLS 1.0", "RFC 8996", old(0x0301)),
                hello("TLS 1.1", "RFC 8996", old(0x0302)),
                hello("TLS 1.2", "Tulle's own: TLS 1.3 between sidecars", old(0x0303)),
                hello("versions that nobody has", "RFC 8446 4.2.1", versions(0x7f, 0x17)),
                hello("an extension twice", "RFC 8446 4.2", hello().with(ClientHello.SUPPORTED_VERSIONS, 2, 3, 4)),
                hello(
                        "no key share, no groups",
                        "RFC 8446 9.2: missing_extension",
                        hello().without(ClientHello.KEY_SHARE, ClientHello.SUPPORTED_GROUPS)),
                hello("no signature algorithms", "RFC 8446 9.2", hello().without(ClientHello.SIGNATURE_ALGORITHMS)),
                hello("no cipher suites", "RFC 8446 4.1.2", hello().but(h -> h.ciphers = new byte[0])),
                hello("half a cipher suite", "RFC 8446 4.1.2", hello().but(h -> h.ciphers = new byte[] {0x13})),
                hello("cipher suites of nobody", "RFC 8701", hello().but(h -> h.ciphers = new byte[] {0x0a, 0x0a})),
                hello("a session id of 33 bytes", "RFC 8446 4.1.2", hello().but(h -> h.session = new byte[33])),
                hello("compression", "RFC 8446 4.1.2; CRIME", hello().but(h -> h.compressions = new byte[] {1})),
                hello("bytes behind the extensions", "RFC 8446 4.1.2", hello().but(h -> h.behind = new byte[7])),
                hello("a key share of zeros", "RFC 7748 6.1; RFC 8446 7.4.2", zeroShare()),
                hello("a pre-shared key that is not last", "RFC 8446 4.2.11", hello().but(HostileTlsTest::keyFirst)),
                hello(
                        "an empty list of names",
                        "RFC 6066 3",
                        hello().without(ClientHello.SERVER_NAME).with(ClientHello.SERVER_NAME, 0, 0)),
                hello(
                        "a name with a NUL",
                        "RFC 6066 3; CVE-2009-2408",
                        hello().without(ClientHello.SERVER_NAME)
                                .with(ClientHello.SERVER_NAME, 0, 6, 0, 0, 3, 'a', 0, 'b')),
                hello(
                        "two names",
                        "RFC 6066 3",
                        hello().without(ClientHello.SERVER_NAME)
                                .with(ClientHello.SERVER_NAME, 0, 8, 0, 0, 1, 'a', 0, 0, 1, 'b')),
                hello(
                        "an empty protocol name",
                        "RFC 7301 3.1",
                        hello().without(ClientHello.ALPN).with(ClientHello.ALPN, 0, 1, 0)));
    }

    static Stream<Attack> peers() {
        var pki = pair.pki;
        return Stream.of(
                peer("no certificate", "RFC 8446 4.4.2.4", HANDSHAKE, Optional.empty(), Pair.SERVER_NAME),
                peer(
                        "a foreign root",
                        "X.509-SVID 5",
                        HANDSHAKE,
                        TestPki.create().leaf(Pair.WEB, "web-1")),
                peer("an expired leaf", "RFC 5280 6.1.3", HANDSHAKE, pki.expired(Pair.WEB, "web-1")),
                peer("a leaf of tomorrow", "RFC 5280 6.1.3", HANDSHAKE, shaped(Shape.NOT_YET)),
                peer("an authority as a peer", "X.509-SVID 4.1", HANDSHAKE, shaped(Shape.AUTHORITY)),
                peer("a leaf that may sign", "X.509-SVID 4.3", HANDSHAKE, shaped(Shape.SIGNS)),
                peer("a leaf for code signing", "X.509-SVID 4.4", HANDSHAKE, shaped(Shape.WRONG_USE)),
                peer("two identities", "X.509-SVID 2", HANDSHAKE, claiming(Pair.WEB.uri(), Pair.CART.uri())),
                peer("no identity", "X.509-SVID 2", HANDSHAKE, claiming()),
                peer("a web address as identity", "SPIFFE-ID 2", HANDSHAKE, claiming("https://tulle/ns/shop/sa/web")),
                peer(
                        "an identity without a path",
                        "SPIFFE-ID 2.2: that is the domain's",
                        HANDSHAKE,
                        claiming("spiffe://tulle")),
                peer(
                        "an identity with a query",
                        "SPIFFE-ID 2.3",
                        HANDSHAKE,
                        claiming("spiffe://tulle/ns/shop/sa/web?x=1")),
                peer("an identity with dots", "SPIFFE-ID 2.2", HANDSHAKE, claiming("spiffe://tulle/ns/shop/sa/../web")),
                peer(
                        "an identity with percent signs",
                        "SPIFFE-ID 2.1",
                        HANDSHAKE,
                        claiming("spiffe://tulle/ns/shop/sa/%77eb")),
                peer(
                        "another trust domain",
                        "X.509-SVID 5",
                        HANDSHAKE,
                        pki.leaf(SpiffeId.of("elsewhere", "shop", "web"), "web-1")),
                peer("a name that is not served", "RFC 6066 3", NO_CHAIN, Optional.of(good), "4000.other.shop.tulle"),
                peer("a port that is not served", "RFC 6066 3", NO_CHAIN, Optional.of(good), "4001.cart.shop.tulle"),
                peer("no name", "Tulle's wire between sidecars", NO_CHAIN, Optional.of(good), ""));
    }

    @ParameterizedTest
    @MethodSource({"notTls", "records", "hellos", "peers"})
    void isRefusedWithAReasonAndAGoodCallPassesAfterIt(Attack attack) throws Exception {
        var before = application.requests().size();
        try (var port = RawSocket.to(pair.inbound())) {
            attack.strike().at(port);
        }
        assertTrue(fleet.nextRefusal().startsWith(attack.code()), attack.source());
        assertEquals(before, application.requests().size());
        assertEquals("fine", call(Optional.of(good), Pair.SERVER_NAME));
        assertEquals(before + 1, application.requests().size());
    }

    /** Else the cases above would prove nothing: the hello that they spoil is a good one. */
    @Test
    void theHelloAsItIsWouldBeAnswered() throws Exception {
        try (var port = RawSocket.to(pair.inbound())) {
            var answer = port.send(hello().record()).bytes(6);
            assertEquals("16030300", HexFormat.of().formatHex(answer, 0, 4));
            assertEquals(2, answer[5], "a ServerHello");
            port.reset();
        }
        assertTrue(fleet.nextRefusal().startsWith(HANDSHAKE));
    }

    private static Attack peer(String name, String source, String code, TestLeaf leaf) {
        return peer(name, source, code, Optional.of(leaf), Pair.SERVER_NAME);
    }

    private static Attack peer(String name, String source, String code, Optional<TestLeaf> leaf, String serverName) {
        return new Attack(name, source, code, _ -> assertThrows(IOException.class, () -> call(leaf, serverName)));
    }

    private static TestLeaf shaped(Shape shape) {
        return pair.pki.leaf(List.of(Pair.WEB.uri()), List.of("web-1"), shape);
    }

    private static TestLeaf claiming(String... uris) {
        return pair.pki.leaf(List.of(uris), List.of("web-1"), Shape.GOOD);
    }

    /** One request with the JDK's own TLS. */
    private static String call(Optional<TestLeaf> leaf, String serverName) throws Exception {
        var context = leaf.isPresent() ? leaf.get().trustingContext("TLSv1.3") : withoutLeaf();
        try (var socket = (SSLSocket) context.getSocketFactory()
                .createSocket("127.0.0.1", pair.inbound().getPort())) {
            var parameters = socket.getSSLParameters();
            if (!serverName.isEmpty()) parameters.setServerNames(List.of(new SNIHostName(serverName)));
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            socket.setSSLParameters(parameters);
            return RawSocket.over(socket).send(GET).response().body();
        }
    }

    private static SSLContext withoutLeaf() throws Exception {
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(null, TestLeaf.trustingAnybody(), null);
        return context;
    }

    private static ClientHello old(int version) {
        return ClientHello.to(Pair.SERVER_NAME, good, "TLSv1.2").but(hello -> hello.version = version);
    }

    private static ClientHello versions(int... one) {
        return hello().without(ClientHello.SUPPORTED_VERSIONS).with(ClientHello.SUPPORTED_VERSIONS, 2, one[0], one[1]);
    }

    /** X25519 (group 29), 32 bytes. */
    private static ClientHello zeroShare() {
        var share = new int[38];
        share[1] = 36;
        share[3] = 29;
        share[5] = 32;
        return hello().without(ClientHello.KEY_SHARE, ClientHello.SUPPORTED_GROUPS)
                .with(ClientHello.SUPPORTED_GROUPS, 0, 2, 0, 29)
                .with(ClientHello.KEY_SHARE, share);
    }

    private static void keyFirst(ClientHello hello) {
        hello.extensions.addFirst(
                new ClientHello.Extension(ClientHello.PRE_SHARED_KEY, new byte[] {0, 7, 0, 1, 'x', 0, 0, 0, 0, 0, 0}));
    }

    private static byte[] joined(byte[] first, String then) {
        var all = Arrays.copyOf(first, first.length + then.length());
        System.arraycopy(then.getBytes(ISO_8859_1), 0, all, first.length, then.length());
        return all;
    }
}
