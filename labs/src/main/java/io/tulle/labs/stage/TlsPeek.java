package io.tulle.labs.stage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;

/** Speaks to sidecars, or as one, with the JDK's own TLS: none of Tulle's code is between. */
public final class TlsPeek {
    private static final int HANDSHAKE = 22; // RFC 8446, 5.1
    private static final int SERVER_HELLO = 2;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int PATIENCE_MS = 5000;
    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";

    private TlsPeek() {}

    /**
     * What came of a call.
     *
     * @param peer the SPIFFE id in the server's leaf; empty when it showed none
     * @param answer the first line of an answer, or why there was none
     */
    public record Call(String peer, String answer) {}

    /** One request with a leaf. */
    public static Call call(int port, String sni, Leaf leaf, String path) {
        var peer = "";
        try (var socket = (SSLSocket) leaf.context().getSocketFactory().createSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), PATIENCE_MS);
            socket.setSoTimeout(PATIENCE_MS);
            var parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(sni)));
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            parameters.setProtocols(new String[] {"TLSv1.3"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            peer = Leaf.spiffeId((X509Certificate) socket.getSession().getPeerCertificates()[0]);
            return new Call(peer, ask(socket, path)); // TLS 1.3: a client's leaf is refused at its first read
        } catch (IOException e) {
            return new Call(peer, "refused: " + e.getMessage());
        }
    }

    /** One request without TLS. */
    public static Call plain(int port, String path) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), PATIENCE_MS);
            socket.setSoTimeout(PATIENCE_MS);
            return new Call("", ask(socket, path));
        } catch (IOException e) {
            return new Call("", "refused: " + e.getMessage());
        }
    }

    /**
     * Answers each request with 200.
     *
     * @param served counts them
     * @param callers gets the SPIFFE id of each caller
     */
    public static Wiretap.Behind server(Leaf leaf, AtomicInteger served, Consumer<String> callers) {
        return caller -> {
            try (var socket =
                    (SSLSocket) leaf.context().getSocketFactory().createSocket(caller, caller.getInputStream(), true)) {
                socket.setUseClientMode(false);
                socket.setNeedClientAuth(true);
                socket.setSoTimeout(PATIENCE_MS);
                var parameters = socket.getSSLParameters();
                parameters.setApplicationProtocols(new String[] {"http/1.1"});
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                callers.accept(
                        Leaf.spiffeId((X509Certificate) socket.getSession().getPeerCertificates()[0]));
                if (readHead(socket)) served.incrementAndGet();
                socket.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
            }
        };
    }

    /** Answers whatever comes with an HTTP answer in plaintext. */
    public static Wiretap.Behind plainServer() {
        return caller -> {
            caller.setSoTimeout(PATIENCE_MS);
            if (caller.getInputStream().read() < 0) return;
            caller.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
            caller.getOutputStream().flush();
        };
    }

    /**
     * The version that a ServerHello chose, from the bytes of a connection's server side (RFC 8446, 4.1.3 and 4.2.1): what TLS
     * 1.3 says in {@code supported_versions}, else the old field.
     */
    public static int versionOfServerHello(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes);
        Unmet.unless(in.remaining() > 48 && in.get() == HANDSHAKE, "the server did not begin with a TLS handshake");
        in.position(5);
        Unmet.unless(in.get() == SERVER_HELLO, "the server did not begin with a ServerHello");
        in.position(in.position() + 3); // its length
        var old = in.getShort() & 0xffff;
        in.position(in.position() + 32); // random
        in.position(in.position() + 1 + (in.get(in.position()) & 0xff)); // session id
        in.position(in.position() + 3); // cipher suite, compression
        var end = (in.getShort() & 0xffff) + in.position();
        while (in.position() + 4 <= end) {
            var type = in.getShort() & 0xffff;
            var length = in.getShort() & 0xffff;
            if (type == SUPPORTED_VERSIONS) return in.getShort() & 0xffff;
            in.position(in.position() + length);
        }
        return old;
    }

    private static String ask(Socket socket, String path) throws IOException {
        var request = "GET " + path + " HTTP/1.1\r\nhost: catalog:3000\r\nconnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        var line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                .readLine();
        return line == null ? "refused: closed" : line;
    }

    private static boolean readHead(Socket socket) throws IOException {
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        for (var line = in.readLine(); line != null; line = in.readLine()) if (line.isEmpty()) return true;
        return false;
    }
}
