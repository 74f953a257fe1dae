package io.tulle.xds.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Problem;
import io.tulle.model.SpiffeId;
import io.tulle.xds.Reply;
import io.tulle.xds.client.OwnCredentials;
import io.tulle.xds.join.Issued;
import io.tulle.xds.join.JoinAsk;
import io.tulle.xds.join.RenewAsk;
import io.tulle.xds.stream.Limits;
import io.tulle.xds.stream.SnapshotCache;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Strangers at the edge who are slow on purpose: each of them goes by the server's own clock. */
class SlowCallersTest {
    private static final Patience SHORT = new Patience(Duration.ofSeconds(2), Duration.ofSeconds(2));
    private static final int MOST_MILLIS = 15_000;

    @TempDir
    Path directory;

    private final TestAuthority authority = new TestAuthority("mesh");
    private XdsServer server;

    SlowCallersTest() {}

    @BeforeEach
    void start() throws IOException {
        var place = new XdsServer.Place(new InetSocketAddress("127.0.0.1", 0), directory.resolve("x.sock"), "9.9");
        var limits = new EdgeLimits(1 << 20, 10, 100, Duration.ofSeconds(10), SHORT, Limits.DEFAULT);
        server = XdsServer.start(
                place,
                new Tls(authority.leaf(
                        SpiffeId.of("tulle", "tulle-system", "control"), "control", Duration.ofHours(1))),
                new SnapshotCache(),
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
