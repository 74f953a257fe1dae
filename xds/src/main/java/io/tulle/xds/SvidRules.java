package io.tulle.xds;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What makes a chain a workload's, by the X.509-SVID standard (sections 2 to 5) and RFC 5280 section 6. The control plane
 * and the proxies judge by this alone, so that neither lets in whom the other refuses.
 */
public final class SvidRules {
    /** Each certificate of a chain costs a signature to check, and a stranger sends the chain. */
    public static final int LONGEST_CHAIN = 8;

    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final Set<String> PURPOSES = Set.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");

    private SvidRules() {}

    /**
     * Why the first certificate of a chain is no workload's leaf, whoever signed it.
     *
     * @param chain leaf first
     */
    public static Optional<String> complaint(List<X509Certificate> chain) {
        if (chain.isEmpty() || chain.size() > LONGEST_CHAIN) return Optional.of("a chain has 1 to 8 certificates");
        var leaf = chain.getFirst();
        var identity = Certificates.identity(leaf);
        if (identity.isEmpty()) return Optional.of("a workload's certificate has exactly one URI SAN, a SPIFFE id");
        if (identity.get().path().isEmpty()) return Optional.of("a workload's SPIFFE id has a path");
        if (leaf.getBasicConstraints() >= 0) return Optional.of("an authority is no workload (cA)");
        return complaintOfUse(leaf);
    }

    private static Optional<String> complaintOfUse(X509Certificate leaf) {
        var usage = leaf.getKeyUsage();
        if (usage == null || !isCritical(leaf, KEY_USAGE)) {
            return Optional.of("a workload's certificate has a critical keyUsage");
        }
        if (!usage[DIGITAL_SIGNATURE] || usage[KEY_CERT_SIGN] || usage[CRL_SIGN]) {
            return Optional.of("a workload's key signs handshakes, never certificates (keyUsage)");
        }
        var hasNoSubject = leaf.getSubjectX500Principal().getName().isEmpty();
        if (hasNoSubject && !isCritical(leaf, SUBJECT_ALTERNATIVE_NAME)) {
            return Optional.of("without a subject, the SAN is critical");
        }
        try {
            var purposes = leaf.getExtendedKeyUsage();
            return purposes == null || purposes.containsAll(PURPOSES)
                    ? Optional.empty()
                    : Optional.of("a workload is server and client (extendedKeyUsage)");
        } catch (CertificateParsingException _) {
            return Optional.of("the certificate's extendedKeyUsage cannot be read");
        }
    }

    private static boolean isCritical(X509Certificate leaf, String extension) {
        var critical = leaf.getCriticalExtensionOIDs();
        return critical != null && critical.contains(extension);
    }

    /**
     * Requires that a chain leads to a root of its trust domain. Peers may send the root too, which a path leaves out;
     * authorities on the way carry no workload's path (section 3).
     *
     * @param chain leaf first
     * @throws GeneralSecurityException where it leads nowhere
     */
    public static void requirePath(
            List<X509Certificate> chain, String trustDomain, List<X509Certificate> roots, Instant now)
            throws GeneralSecurityException {
        var path = new ArrayList<>(List.of(chain.getFirst()));
        chain.stream().skip(1).filter(c -> !roots.contains(c)).forEach(path::add);
        for (var authority : path.subList(1, path.size())) {
            for (var uri : Certificates.uris(authority)) {
                if (!uri.equalsIgnoreCase("spiffe://" + trustDomain)) {
                    throw new CertificateException("an authority on the way has the name of a workload");
                }
            }
        }
        CertificatePath.anchorOf(path, roots, now);
    }
}
