package io.tulle.proxy.tls;

import io.tulle.model.SpiffeId;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Says who a certificate chain proves, by the X.509-SVID standard (sections 2 to 5): exactly one URI SAN, a leaf that
 * signs nothing, and a path by RFC 5280 to a root of the identity's own trust domain, valid now.
 */
public final class SpiffeVerifier {
    /** What a leaf is used for; the extended key usage, where there is one, must name it. */
    public enum Use {
        CLIENT("1.3.6.1.5.5.7.3.2"),
        SERVER("1.3.6.1.5.5.7.3.1");

        private final String oid;

        Use(String oid) {
            this.oid = oid;
        }
    }

    private static final int URI = 6;
    private static final int DNS = 2;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;

    private final Supplier<Trust> trust;
    private final Clock clock;
    private final ProvedPaths proved = new ProvedPaths();

    /**
     * @param trust asked at each handshake, so that a new root counts at once
     */
    public SpiffeVerifier(Supplier<Trust> trust, Clock clock) {
        this.trust = trust;
        this.clock = clock;
    }

    /**
     * @param chain leaf first
     * @throws CertificateException with the reason, for the log
     */
    public Peer.Known verify(X509Certificate[] chain, Use use) throws CertificateException {
        if (chain.length == 0) throw new CertificateException("no certificate");
        var leaf = chain[0];
        var id = identity(leaf);
        requireLeaf(leaf, use);
        var roots = trust.get().of(id.trustDomain());
        if (roots.isEmpty()) throw new CertificateException("trust domain " + id.trustDomain() + " is not trusted");
        requirePath(List.of(chain), roots);
        return peer(leaf);
    }

    /** Who a leaf says it is, once it was verified. */
    public static Peer.Known peer(X509Certificate leaf) throws CertificateException {
        return new Peer.Known(identity(leaf), first(leaf, DNS));
    }

    /** The identity that a leaf claims; nothing is verified. */
    public static SpiffeId identity(X509Certificate leaf) throws CertificateException {
        var uris = names(leaf, URI);
        if (uris.size() != 1) throw new CertificateException(uris.size() + " URI SANs instead of one");
        return SpiffeId.parse(uris.getFirst())
                .filter(id -> !id.path().isEmpty())
                .orElseThrow(() -> new CertificateException("a URI SAN that is no SPIFFE id of a workload"));
    }

    private static void requireLeaf(X509Certificate leaf, Use use) throws CertificateException {
        if (leaf.getBasicConstraints() >= 0) throw new CertificateException("a CA certificate as a leaf");
        var usage = leaf.getKeyUsage();
        if (usage == null || !usage[DIGITAL_SIGNATURE] || usage[KEY_CERT_SIGN] || usage[CRL_SIGN]) {
            throw new CertificateException("key usage is not digitalSignature alone");
        }
        var extended = leaf.getExtendedKeyUsage();
        if (extended != null && !extended.contains(use.oid)) {
            throw new CertificateException("extended key usage does not allow " + use);
        }
    }

    private void requirePath(List<X509Certificate> chain, List<X509Certificate> roots) throws CertificateException {
        var now = clock.instant();
        if (proved.holds(chain, roots, now)) return;
        requireNewPath(chain, roots, now);
        proved.add(chain, roots);
    }

    private static void requireNewPath(List<X509Certificate> chain, List<X509Certificate> roots, Instant now)
            throws CertificateException {
        try {
            var presented = chain.stream().filter(c -> !roots.contains(c)).toList();
            if (presented.isEmpty()) throw new CertificateException("a root as a leaf");
            var anchors =
                    roots.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet());
            var parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false); // leaves live a day: there are no revocation lists
            parameters.setDate(Date.from(now));
            var path = CertificateFactory.getInstance("X.509").generateCertPath(presented);
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
        } catch (GeneralSecurityException refused) {
            throw new CertificateException(refused.getMessage(), refused);
        }
    }

    private static Optional<String> first(X509Certificate leaf, int type) throws CertificateParsingException {
        return names(leaf, type).stream().findFirst();
    }

    private static List<String> names(X509Certificate leaf, int type) throws CertificateParsingException {
        Collection<List<?>> all = leaf.getSubjectAlternativeNames();
        if (all == null) return List.of();
        return all.stream()
                .filter(name -> name.get(0) instanceof Integer kind && kind == type)
                .map(name -> String.valueOf(name.get(1)))
                .toList();
    }
}
