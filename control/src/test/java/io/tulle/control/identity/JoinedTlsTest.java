package io.tulle.control.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.SpiffeId;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the desk hands out, in the hands of a TLS stack that nobody here wrote. */
class JoinedTlsTest {
    private static final char[] PASSWORD = "test".toCharArray();

    @TempDir
    Path home;

    @Test
    void aJoinedWorkloadAndTheControlPlaneShakeHandsBothWays() throws Exception {
        var clock = Clock.systemUTC();
        var authority = CertificateAuthority.open(
                AuthoritySettings.of(home.resolve("authority"), "tulle"), clock, new SecureRandom());
        var keys = Forge.ec("secp256r1");
        var own = authority.issueOwn(SpiffeId.of("tulle", "tulle-system", "control"), "control");
        var joined = join(authority, keys);

        var seen = shake(
                context(own.key(), own.chain(), authority.roots()),
                context(keys.getPrivate(), joined, authority.roots()));

        var verifier = SvidVerifier.of(authority, clock);
        assertEquals("TLSv1.3", seen.atServer().getProtocol());
        assertEquals(
                SpiffeId.of("tulle", "shop", "cart"),
                verifier.verify(peerOf(seen.atServer()))
                        .accepted()
                        .orElseThrow()
                        .id());
        var control = peerOf(seen.atClient());
        assertEquals(
                SpiffeId.of("tulle", "tulle-system", "control"),
                verifier.verify(control).accepted().orElseThrow().id());
        assertEquals(authority.rootDigest(), Pem.digest(control.getLast()), "a joiner can find the root that it pins");
    }

    private record Seen(SSLSession atServer, SSLSession atClient) {}

    private static Seen shake(SSLContext server, SSLContext client) throws Exception {
        var loopback = InetAddress.getLoopbackAddress();
        try (var listening = (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 1, loopback);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            listening.setNeedClientAuth(true);
            var atServer = threads.submit(() -> {
                try (var socket = (SSLSocket) listening.accept()) {
                    socket.startHandshake();
                    socket.getOutputStream().write(1);
                    return socket.getSession();
                }
            });
            try (var socket = (SSLSocket) client.getSocketFactory().createSocket(loopback, listening.getLocalPort())) {
                socket.startHandshake();
                assertEquals(1, socket.getInputStream().read());
                return new Seen(atServer.get(), socket.getSession());
            }
        }
    }

    private static List<X509Certificate> join(CertificateAuthority authority, KeyPair keys) {
        var request = SigningRequest.parse(Forge.request(keys, "SHA256withECDSA"))
                .accepted()
                .orElseThrow();
        return CertificateAuthorityTest.chain(
                authority.issue(request, SpiffeId.of("tulle", "shop", "cart"), "cart-1", Claims.OWN));
    }

    private static List<X509Certificate> peerOf(SSLSession session) throws Exception {
        return Arrays.stream(session.getPeerCertificates())
                .map(X509Certificate.class::cast)
                .toList();
    }

    private static SSLContext context(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> roots)
            throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        store.setKeyEntry("own", key, PASSWORD, chain.toArray(X509Certificate[]::new));
        var trust = KeyStore.getInstance("PKCS12");
        trust.load(null, PASSWORD);
        for (var root : roots) trust.setCertificateEntry(Pem.digest(root), root);
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        var trusts = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusts.init(trust);
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(keys.getKeyManagers(), trusts.getTrustManagers(), new SecureRandom());
        return context;
    }
}
