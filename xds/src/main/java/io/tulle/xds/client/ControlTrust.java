package io.tulle.xds.client;

import io.tulle.xds.Certificates;
import io.tulle.xds.ControlIdentity;
import io.tulle.xds.SvidRules;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts a control plane alone: a chain that is sound by {@link SvidRules}, as every peer's, whose leaf has the identity of
 * one, so that no workload of the mesh can pose as it. Host names are not looked at: the identity says more.
 */
final class ControlTrust extends X509ExtendedTrustManager {
    private final ServerTrust trust;
    private final Clock clock;

    ControlTrust(ServerTrust trust, Clock clock) {
        this.trust = trust;
        this.clock = clock;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] presented, String kind, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(presented, kind);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] presented, String kind, Socket socket)
            throws CertificateException {
        checkServerTrusted(presented, kind);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] presented, String kind) throws CertificateException {
        if (presented.length == 0) throw new CertificateException("no certificate");
        var chain = List.of(presented);
        var anchors = switch (trust) {
            case ServerTrust.Roots(var roots) -> roots.get();
            case ServerTrust.Pinned(var digest) -> pinned(chain, digest);
        };
        var complaint = SvidRules.complaint(chain);
        if (complaint.isPresent()) throw new CertificateException(complaint.get());
        var identity = Certificates.identity(chain.getFirst()).filter(ControlIdentity::is);
        if (identity.isEmpty()) throw new CertificateException("not a control plane's identity");
        try {
            SvidRules.requirePath(chain, identity.get().trustDomain(), anchors, clock.instant());
        } catch (GeneralSecurityException e) {
            throw new CertificateException("the control plane's certificate is not valid: " + e.getMessage(), e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
        throw new CertificateException("serves nobody");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) throws CertificateException {
        throw new CertificateException("serves nobody");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) throws CertificateException {
        throw new CertificateException("serves nobody");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private static List<X509Certificate> pinned(List<X509Certificate> chain, String digest)
            throws CertificateException {
        var last = chain.getLast();
        if (!digest(last).equals(digest)) throw new CertificateException("not the root that the token names");
        return List.of(last);
    }

    private static String digest(X509Certificate certificate) throws CertificateEncodingException {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.of().formatHex(Arrays.copyOf(digest, digest.length));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
