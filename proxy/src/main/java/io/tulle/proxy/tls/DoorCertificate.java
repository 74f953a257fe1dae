package io.tulle.proxy.tls;

import io.tulle.xds.spec.CertificateSpec;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A certificate that a gateway shows its callers, ready to be used.
 *
 * @param chain the leaf first
 */
public record DoorCertificate(List<X509Certificate> chain, PrivateKey key) {
    private static final int DNS = 2; // GeneralName, RFC 5280 section 4.2.1.6

    public DoorCertificate {
        chain = List.copyOf(chain);
    }

    /** @throws IllegalArgumentException when it cannot be read, or the key is not that of the certificate */
    public static DoorCertificate parse(CertificateSpec spec) {
        var made = new DoorCertificate(Pem.certificates(spec.chain()), Pem.key(spec.key()));
        if (!KeyMatch.isOf(made.key(), made.chain().getFirst().getPublicKey()))
            throw new IllegalArgumentException("the key is not that of the certificate");
        return made;
    }

    /** Whether it is one for a host name: by a DNS name of its own, of which the first label may be {@code *}. */
    public boolean isFor(String host) {
        return names().anyMatch(name -> name.equals(host)
                || (name.startsWith("*.")
                        && host.indexOf('.') > 0
                        && host.endsWith(name.substring(1))
                        && host.indexOf('.') == host.length() - name.length() + 1));
    }

    private Stream<String> names() {
        try {
            var all = chain.getFirst().getSubjectAlternativeNames();
            if (all == null) return Stream.empty();
            return all.stream()
                    .filter(each -> Objects.equals(each.getFirst(), DNS))
                    .map(each -> String.valueOf(each.get(1)).toLowerCase(Locale.ROOT));
        } catch (CertificateParsingException _) {
            return Stream.empty();
        }
    }
}
