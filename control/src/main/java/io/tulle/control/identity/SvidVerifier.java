package io.tulle.control.identity;

import io.tulle.model.Problem;
import io.tulle.model.SpiffeId;
import io.tulle.xds.Certificates;
import io.tulle.xds.SvidRules;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Judges a peer's chain by {@link SvidRules} against the roots of one trust domain. It trusts no handshake: whoever has a
 * chain from a TLS session can ask.
 */
public record SvidVerifier(String trustDomain, List<X509Certificate> roots, Clock clock) {
    public SvidVerifier {
        roots = List.copyOf(roots);
    }

    public static SvidVerifier of(CertificateAuthority authority, Clock clock) {
        return new SvidVerifier(authority.trustDomain(), authority.roots(), clock);
    }

    /** The peer, or why it is nobody; the chain's leaf is first. */
    public Checked<Svid> verify(List<X509Certificate> chain) {
        var complaint = SvidRules.complaint(chain);
        if (complaint.isPresent()) return unfit(complaint.get());
        var leaf = chain.getFirst();
        var id = Certificates.identity(leaf).orElseThrow();
        var claims = ClaimsExtension.of(leaf);
        if (claims.isEmpty()) return unfit("what the certificate says that its holder may claim cannot be read");
        return foreign(id)
                .or(() -> expired(leaf))
                .or(() -> unled(chain))
                .<Checked<Svid>>map(Checked::refused)
                .orElseGet(() -> Checked.fit(new Svid(
                        id, Certificates.instance(leaf), leaf.getNotAfter().toInstant(), claims.get())));
    }

    private Optional<Problem> foreign(SpiffeId id) {
        return id.trustDomain().equals(trustDomain)
                ? Optional.empty()
                : Optional.of(IdentityCode.SVID_FOREIGN.problem());
    }

    private Optional<Problem> expired(X509Certificate leaf) {
        var now = clock.instant();
        var isNow = !now.isBefore(leaf.getNotBefore().toInstant())
                && !now.isAfter(leaf.getNotAfter().toInstant());
        return isNow ? Optional.empty() : Optional.of(IdentityCode.SVID_EXPIRED.problem());
    }

    private Optional<Problem> unled(List<X509Certificate> chain) {
        try {
            SvidRules.requirePath(chain, trustDomain, roots, clock.instant());
            return Optional.empty();
        } catch (GeneralSecurityException _) {
            return Optional.of(IdentityCode.SVID_UNTRUSTED.problem());
        }
    }

    private static Checked<Svid> unfit(String message) {
        return Checked.refused(IdentityCode.SVID_UNFIT.problem(message));
    }
}
