package io.tulle.it.mesh;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * An answer to one request of HTTP/1.1 from outside the mesh, on a connection of its own.
 *
 * @param shown whose certificate the server showed; empty in plaintext
 */
record Asked(int status, String text, Optional<X509Certificate> shown) {
    private static final int PATIENCE_MILLIS = 20_000;

    /** In plaintext. */
    static Asked plain(InetSocketAddress at, String host, String path) throws IOException {
        try (var socket = new Socket(at.getAddress(), at.getPort())) {
            return ask(socket, host, path, Optional.empty());
        }
    }

    /**
     * In TLS, whatever the certificate.
     *
     * @param serverName what is asked for in SNI
     */
    static Asked secured(InetSocketAddress at, String serverName, String host, String path, KeyManager... own)
            throws IOException {
        try (var socket = (SSLSocket) context(own).getSocketFactory().createSocket(at.getAddress(), at.getPort())) {
            var parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.startHandshake();
            var leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return ask(socket, host, path, Optional.of(leaf));
        }
    }

    private static Asked ask(Socket socket, String host, String path, Optional<X509Certificate> shown)
            throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        var request = "GET " + path + " HTTP/1.1\r\nhost: " + host + "\r\nconnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        var text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!text.startsWith("HTTP/1.1 ")) throw new IOException("no answer: '" + text + "'");
        return new Asked(Integer.parseInt(text.substring(9, 12)), text, shown);
    }

    private static SSLContext context(KeyManager... own) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(own, new TrustManager[] {new Credulous()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** What is shown is looked at by the test. */
    private static final class Credulous implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
