package io.tulle.xds.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.tulle.model.Problem;
import io.tulle.model.SpiffeId;
import io.tulle.xds.Reply;
import io.tulle.xds.client.OwnCredentials;
import io.tulle.xds.join.Issued;
import io.tulle.xds.join.JoinAsk;
import io.tulle.xds.join.RenewAsk;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.stream.Limits;
import io.tulle.xds.stream.Shop;
import io.tulle.xds.stream.SnapshotCache;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Strangers at the edge who are slow on purpose: each of them goes by the server's own clock. */
class SlowCallersTest {
    private static final Patience SHORT = new Patience(Duration.ofSeconds(2), Duration.ofSeconds(2));
    private static final int MOST_MILLIS = 15_000;

    @TempDir
    Path directory;

    private final TestAuthority authority = new TestAuthority("mesh");
    private final SnapshotCache cache = new SnapshotCache();
    private XdsServer server;

    SlowCallersTest() {}

    @BeforeEach
    void start() throws IOException {
        server = serve(SHORT, Duration.ofSeconds(10));
    }

    private XdsServer serve(Patience patience, Duration ping) throws IOException {
        var place = new XdsServer.Place(new InetSocketAddress("127.0.0.1", 0), directory.resolve("x.sock"), "9.9");
        var limits = new EdgeLimits(1 << 20, 10, 100, ping, patience, Limits.DEFAULT);
        return XdsServer.start(
                place,
                new Tls(authority.leaf(
                        SpiffeId.of("tulle", "tulle-system", "control"), "control", Duration.ofHours(1))),
                cache,
                new XdsServer.Handlers(
                        (_, _) -> Optional.empty(),
                        new Nobody(),
                        (_, _) -> new Reply.Refused<>(Problem.error("TUL1", "nobody", ""))),
                limits);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aStrangerWhoSaysNothingGoes() throws IOException {
        try (var socket = connect()) {
            assertEnds(socket);
        }
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(directory.resolve("x.sock")));
            assertEquals(-1, channel.read(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void aHandshakeThatDoesNotEndEndsItsConnection() throws IOException {
        try (var socket = connect()) {
            // A record of TLS that holds a hello of 512 bytes, and the first of them.
            socket.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
            assertEnds(socket);
        }
    }

    @Test
    void aConnectionWhoseFirstHeadDoesNotEndIsClosed() throws Exception {
        try (var socket = secured()) {
            var out = socket.getOutputStream();
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
            out.write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0}); // SETTINGS, none
            out.write(new byte[] {0, 0, 40, 1, 0, 0, 0, 0, 1, (byte) 0x83}); // HEADERS of 40 bytes, and the first
            out.flush();
            assertEquals("h2", socket.getApplicationProtocol());
            assertEnds(socket);
        }
    }

    @Test
    void aPingWithWhichNoConnectionWouldBeTakenIsRefused() throws Exception {
        server.close();
        server = serve(SHORT, EdgeLimits.LONGEST_PING);
        try (var socket = secured()) {
            assertEquals("h2", socket.getApplicationProtocol());
        }
        assertThrows(IllegalArgumentException.class, () -> serve(SHORT, EdgeLimits.LONGEST_PING.plusMillis(1)));
    }

    /** None of them is waited for, though nothing else would end them within three minutes. */
    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void aServerThatIsToldToEndWaitsForNoneOfThem() throws Exception {
        server.close();
        var hour = Duration.ofHours(1);
        server = serve(new Patience(hour, hour), EdgeLimits.LONGEST_PING);
        cache.publish("cart-1", Shop.bundle(1, "a"));
        try (var silent = connect();
                var half = connect();
                var secured = secured();
                var unread = subscribed()) {
            half.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
            server.close();

            assertEnds(silent);
            assertEnds(half);
            assertEnds(secured);
            assertTrue(unread.isConnected());
        }
    }

    /** A stream of discovery at the Unix socket, with an answer on its way for which its window leaves no room. */
    private SocketChannel subscribed() throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(directory.resolve("x.sock")));
        var out = new ByteArrayOutputStream();
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        frame(out, 4, 0, 0, new byte[] {0, 4, 0, 0, 0, 0}); // SETTINGS: INITIAL_WINDOW_SIZE 0
        var head = new ByteArrayOutputStream();
        head.write(new byte[] {(byte) 0x83, (byte) 0x86}); // POST, http
        field(head, ":path", "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources");
        field(head, ":authority", "control");
        field(head, "content-type", "application/grpc");
        field(head, "te", "trailers");
        frame(out, 1, 4, 1, head.toByteArray());
        var ask = DeltaDiscoveryRequest.newBuilder()
                .setNode(Node.newBuilder().setId("cart-1"))
                .setTypeUrl(ResourceType.CLUSTER.url())
                .addResourceNamesSubscribe("*")
                .build()
                .toByteArray();
        frame(
                out,
                0,
                0,
                1,
                ByteBuffer.allocate(5 + ask.length)
                        .put(1, new byte[4])
                        .putInt(1, ask.length)
                        .put(5, ask)
                        .array());
        channel.write(ByteBuffer.wrap(out.toByteArray()));
        // The head of the answer comes; what follows it does not.
        var in = Channels.newInputStream(channel);
        for (var type = -1; type != 1; ) {
            var header = in.readNBytes(9);
            type = header[3];
            in.readNBytes((header[0] & 255) << 16 | (header[1] & 255) << 8 | header[2] & 255);
        }
        return channel;
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        out.writeBytes(new byte[] {0, (byte) (payload.length >> 8), (byte) payload.length, (byte) type, (byte) flags});
        out.writeBytes(new byte[] {0, 0, 0, (byte) stream});
        out.writeBytes(payload);
    }

    /** HPACK's literal without indexing, under 127 bytes each. */
    private static void field(ByteArrayOutputStream out, String name, String value) {
        out.write(0);
        out.write(name.length());
        out.writeBytes(name.getBytes(US_ASCII));
        out.write(value.length());
        out.writeBytes(value.getBytes(US_ASCII));
    }

    private static void assertEnds(Socket socket) throws IOException {
        var began = System.nanoTime();
        try {
            while (socket.getInputStream().read() >= 0) {} // what the server says of itself first
        } catch (SocketException reset) {
            // as good an end
        }
        assertTrue(System.nanoTime() - began < Duration.ofMillis(MOST_MILLIS).toNanos());
    }

    private Socket connect() throws IOException {
        var socket = new Socket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout(MOST_MILLIS); // a server that waits for ever fails the test by this
        return socket;
    }

    private SSLSocket secured() throws IOException, GeneralSecurityException {
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        var plain = connect();
        var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "control", plain.getPort(), true);
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private final class Tls implements EdgeTls {
        private final OwnCredentials own;

        Tls(OwnCredentials own) {
            this.own = own;
        }

        @Override
        public Credentials credentials() {
            var chain = new ArrayList<>(own.chain());
            chain.add(authority.root());
            return new Credentials(own.key(), chain);
        }

        @Override
        public List<X509Certificate> roots() {
            return List.of(authority.root());
        }
    }

    /** Lets nobody in. */
    private static final class Nobody implements JoinHandler {
        @Override
        public Reply<Issued> join(JoinAsk ask, Peer peer) {
            return new Reply.Refused<>(Problem.error("TUL1", "nobody", ""));
        }

        @Override
        public Reply<Issued> renew(RenewAsk ask, Peer peer) {
            return new Reply.Refused<>(Problem.error("TUL1", "nobody", ""));
        }
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
