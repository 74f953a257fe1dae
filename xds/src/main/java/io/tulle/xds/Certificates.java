package io.tulle.xds;

import io.tulle.model.ServiceName;
import io.tulle.model.SpiffeId;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What is read from a leaf whose path has been validated. */
public final class Certificates {
    private static final int DNS = 2;
    private static final int URI = 6;

    private Certificates() {}

    /** The SPIFFE id: exactly one URI among the alternative names (X509-SVID section 2), else nobody's. */
    public static Optional<SpiffeId> identity(X509Certificate leaf) {
        var uris = names(leaf, URI);
        return uris.size() == 1 ? SpiffeId.parse(uris.getFirst()) : Optional.empty();
    }

    /** The instance's id: the one DNS name, a label. */
    public static Optional<String> instance(X509Certificate leaf) {
        var names = names(leaf, DNS);
        return names.size() == 1 ? Optional.of(names.getFirst()).filter(ServiceName::isLabel) : Optional.empty();
    }

    static List<String> uris(X509Certificate certificate) {
        return names(certificate, URI);
    }

    private static List<String> names(X509Certificate leaf, int kind) {
        try {
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            if (names == null) return List.of();
            return names.stream()
                    .filter(name -> Integer.valueOf(kind).equals(name.get(0)))
                    .map(name -> String.valueOf(name.get(1)))
                    .toList();
        } catch (CertificateParsingException e) {
            return List.of(); // whoever cannot be read is nobody
        }
    }
}
