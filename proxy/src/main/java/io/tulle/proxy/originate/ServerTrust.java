package io.tulle.proxy.originate;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Judges a server's certificate inside the handshake, so that a server that is not who it should be gets not one byte. */
final class ServerTrust extends X509ExtendedTrustManager {
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1"; // RFC 5280 section 4.2.1.12
    private static final String ANY_USAGE = "2.5.29.37.0";

    private final Set<TrustAnchor> roots;
    private final List<String> names;
    private final Optional<Revocations> revocations;
    private final Clock clock;

    /** @param names of which the certificate must have one */
    ServerTrust(Set<TrustAnchor> roots, List<String> names, Optional<Revocations> revocations, Clock clock) {
        this.roots = roots;
        this.names = names;
        this.revocations = revocations;
        this.clock = clock;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        var leaf = chain[0];
        var now = clock.instant();
        requireTime(leaf, now);
        var path = path(chain, now);
        var usages = leaf.getExtendedKeyUsage();
        if (usages != null && !usages.contains(SERVER_AUTH) && !usages.contains(ANY_USAGE))
            throw new CertificateException("it is not for a server (extended key usage)");
        var own = CertificateNames.of(leaf);
        if (names.stream().noneMatch(own::has))
            throw new CertificateException("it is for " + said(own.all()) + ", and not for " + said(names));
        if (revocations.isPresent()) revocations.get().requireNotRevoked(leaf, issuer(path), now);
    }

    private static void requireTime(X509Certificate leaf, Instant now) throws CertificateException {
        var until = leaf.getNotAfter().toInstant();
        if (now.isAfter(until))
            throw new CertificateException("it expired at " + until.truncatedTo(ChronoUnit.SECONDS));
        var from = leaf.getNotBefore().toInstant();
        if (now.isBefore(from))
            throw new CertificateException("it is not valid before " + from.truncatedTo(ChronoUnit.SECONDS));
    }

    private PKIXCertPathBuilderResult path(X509Certificate[] chain, Instant now) throws CertificateException {
        try {
            var leaf = new X509CertSelector();
            leaf.setCertificate(chain[0]);
            var wanted = new PKIXBuilderParameters(roots, leaf);
            wanted.setRevocationEnabled(false);
            wanted.setDate(Date.from(now));
            wanted.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(chain))));
            return (PKIXCertPathBuilderResult)
                    CertPathBuilder.getInstance("PKIX").build(wanted);
        } catch (GeneralSecurityException none) {
            var isOwn = chain[0].getSubjectX500Principal().equals(chain[0].getIssuerX500Principal());
            throw new CertificateException(
                    isOwn
                            ? "it is self-signed, and no root that is trusted"
                            : "its issuer, " + chain[0].getIssuerX500Principal().getName()
                                    + ", leads to no root that is trusted");
        }
    }

    private static PublicKey issuer(PKIXCertPathBuilderResult path) {
        var certificates = path.getCertPath().getCertificates();
        if (certificates.size() > 1) return certificates.get(1).getPublicKey();
        var anchor = path.getTrustAnchor();
        return anchor.getTrustedCert() == null
                ? anchor.getCAPublicKey()
                : anchor.getTrustedCert().getPublicKey();
    }

    private static String said(List<String> all) {
        return all.isEmpty() ? "no name at all" : String.join(", ", all);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("there are no clients here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("there are no clients here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("there are no clients here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
