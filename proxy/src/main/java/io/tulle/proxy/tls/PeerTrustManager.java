package io.tulle.proxy.tls;

import io.tulle.model.SpiffeId;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Asks the verifier inside the handshake, so that a peer who is not who it should be gets not one byte. */
final class PeerTrustManager extends X509ExtendedTrustManager {
    private final SpiffeVerifier verifier;
    private final List<SpiffeId> expected;

    /**
     * @param expected who the peer may be; empty for anybody of a trusted domain, whom policies judge later
     */
    PeerTrustManager(SpiffeVerifier verifier, List<SpiffeId> expected) {
        this.verifier = verifier;
        this.expected = expected;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        var peer = verifier.verify(chain);
        if (!expected.isEmpty() && !expected.contains(peer.id())) {
            throw new CertificateException("the peer is " + peer.id() + ", expected " + expected);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
