package io.tulle.control.identity;

import io.tulle.model.Problem;
import io.tulle.model.ServiceName;
import io.tulle.model.SpiffeId;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges a peer's chain by the X.509-SVID standard (sections 2 to 5) against the roots of one trust domain. It trusts no
 * handshake: whoever has a chain from a TLS session can ask.
 */
public record SvidVerifier(String trustDomain, List<X509Certificate> roots, Clock clock) {
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;
    private static final int LONGEST_CHAIN = 8;
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final Set<String> PURPOSES = Set.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");

    public SvidVerifier {
        roots = List.copyOf(roots);
    }

    public static SvidVerifier of(CertificateAuthority authority, Clock clock) {
        return new SvidVerifier(authority.trustDomain(), authority.roots(), clock);
    }

    /** The peer, or why it is nobody; the chain's leaf is first. */
    public Checked<Svid> verify(List<X509Certificate> chain) {
        if (chain.isEmpty() || chain.size() > LONGEST_CHAIN) return unfit("a chain has 1 to 8 certificates");
        var leaf = chain.getFirst();
        var uris = SubjectNames.of(leaf).uris();
        if (uris.size() != 1) return unfit("a workload's certificate has exactly one URI SAN");
        var id = SpiffeId.parse(uris.getFirst()).filter(found -> !found.path().isEmpty());
        if (id.isEmpty()) return unfit("a workload's URI SAN is a SPIFFE id with a path");
        var claims = ClaimsExtension.of(leaf);
        if (claims.isEmpty()) return unfit("what the certificate says that its holder may claim cannot be read");
        return complaintOf(leaf)
                .or(() -> foreign(id.get()))
                .or(() -> expired(leaf))
                .or(() -> unled(chain))
                .<Checked<Svid>>map(Checked::refused)
                .orElseGet(() -> Checked.fit(
                        new Svid(id.get(), instanceOf(leaf), leaf.getNotAfter().toInstant(), claims.get())));
    }

    private static Optional<Problem> complaintOf(X509Certificate leaf) {
        var usage = leaf.getKeyUsage();
        if (leaf.getBasicConstraints() >= 0) return problem("an authority is no workload (cA)");
        if (usage == null || !leaf.getCriticalExtensionOIDs().contains(KEY_USAGE)) {
            return problem("a workload's certificate has a critical keyUsage");
        }
        if (!usage[DIGITAL_SIGNATURE] || usage[KEY_CERT_SIGN] || usage[CRL_SIGN]) {
            return problem("a workload's key signs handshakes, never certificates (keyUsage)");
        }
        var hasNoSubject = leaf.getSubjectX500Principal().getName().isEmpty();
        if (hasNoSubject && !leaf.getCriticalExtensionOIDs().contains(SUBJECT_ALTERNATIVE_NAME)) {
            return problem("without a subject, the SAN is critical");
        }
        try {
            var purposes = leaf.getExtendedKeyUsage();
            if (purposes != null && !purposes.containsAll(PURPOSES)) {
                return problem("a workload is server and client (extendedKeyUsage)");
            }
        } catch (CertificateParsingException _) {
            return problem("the certificate's extendedKeyUsage cannot be read");
        }
        return Optional.empty();
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

    /** Peers may send the root too, which a path leaves out; authorities on the way carry no workload's path (section 3). */
    private Optional<Problem> unled(List<X509Certificate> chain) {
        var path = new ArrayList<>(List.of(chain.getFirst()));
        chain.stream().skip(1).filter(c -> !roots.contains(c)).forEach(path::add);
        for (var authority : path.subList(1, path.size())) {
            for (var uri : SubjectNames.of(authority).uris()) {
                if (!uri.equalsIgnoreCase("spiffe://" + trustDomain)) return untrusted();
            }
        }
        try {
            CertificatePath.anchorOf(path, roots, clock.instant());
            return Optional.empty();
        } catch (GeneralSecurityException _) {
            return untrusted();
        }
    }

    private static Optional<String> instanceOf(X509Certificate leaf) {
        var names = SubjectNames.of(leaf).dns();
        return names.size() == 1 ? Optional.of(names.getFirst()).filter(ServiceName::isLabel) : Optional.empty();
    }

    private static Checked<Svid> unfit(String message) {
        return Checked.refused(IdentityCode.SVID_UNFIT.problem(message));
    }

    private static Optional<Problem> problem(String message) {
        return Optional.of(IdentityCode.SVID_UNFIT.problem(message));
    }

    private static Optional<Problem> untrusted() {
        return Optional.of(IdentityCode.SVID_UNTRUSTED.problem());
    }
}
