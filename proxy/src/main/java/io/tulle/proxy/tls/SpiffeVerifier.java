package io.tulle.proxy.tls;

import io.tulle.model.SpiffeId;
import io.tulle.xds.Certificates;
import io.tulle.xds.SvidRules;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Says who a certificate chain proves, by {@link SvidRules}, which the control plane judges by too: a leaf that is a
 * workload's, and a path to a root of the identity's own trust domain, valid now.
 */
public final class SpiffeVerifier {
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
    public Peer.Known verify(X509Certificate[] chain) throws CertificateException {
        var whole = List.of(chain);
        var complaint = SvidRules.complaint(whole);
        if (complaint.isPresent()) throw new CertificateException(complaint.get());
        requirePath(whole, clock.instant());
        return peer(chain[0]);
    }

    /**
     * Judges a peer again that was verified before: only whether its roots are trusted still, not whether its time is over.
     *
     * @throws CertificateException where they are not
     */
    public void requireTrust(List<X509Certificate> chain) throws CertificateException {
        var end = chain.getFirst().getNotAfter().toInstant();
        var now = clock.instant();
        requirePath(chain, now.isAfter(end) ? end : now);
    }

    /** Who a leaf says it is, once it was verified. */
    public static Peer.Known peer(X509Certificate leaf) throws CertificateException {
        return new Peer.Known(identity(leaf), Certificates.instance(leaf));
    }

    /** The identity that a leaf claims; nothing is verified. */
    public static SpiffeId identity(X509Certificate leaf) throws CertificateException {
        return Certificates.identity(leaf)
                .filter(id -> !id.path().isEmpty())
                .orElseThrow(
                        () -> new CertificateException("a workload has exactly one URI SAN, a SPIFFE id with a path"));
    }

    private void requirePath(List<X509Certificate> chain, Instant now) throws CertificateException {
        var trustDomain = identity(chain.getFirst()).trustDomain();
        var roots = trust.get().of(trustDomain);
        if (roots.isEmpty()) throw new CertificateException("trust domain " + trustDomain + " is not trusted");
        if (proved.holds(chain, roots, now)) return;
        try {
            SvidRules.requirePath(chain, trustDomain, roots, now);
        } catch (GeneralSecurityException refused) {
            throw new CertificateException(refused.getMessage(), refused);
        }
        proved.add(chain, roots);
    }
}
