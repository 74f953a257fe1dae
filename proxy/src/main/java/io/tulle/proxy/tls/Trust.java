package io.tulle.proxy.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The roots that each trust domain's certificates must lead to. */
public record Trust(Map<String, List<X509Certificate>> roots) {
    /** Nobody is trusted. */
    public static final Trust NONE = new Trust(Map.of());

    public Trust {
        var copy = new HashMap<String, List<X509Certificate>>();
        roots.forEach((domain, certificates) -> copy.put(domain, List.copyOf(certificates)));
        roots = Map.copyOf(copy);
    }

    /** @throws IllegalArgumentException when a root is no certificate */
    public static Trust parse(String domain, List<String> pems) {
        return new Trust(Map.of(domain, pems.stream().map(Trust::certificate).toList()));
    }

    /** The roots of one domain; empty when it is not trusted at all. */
    public List<X509Certificate> of(String domain) {
        return roots.getOrDefault(domain, List.of());
    }

    /** Both together. */
    public Trust and(Trust other) {
        var all = new HashMap<String, List<X509Certificate>>(roots);
        other.roots.forEach((domain, more) -> all.merge(domain, more, (a, b) -> {
            var both = new ArrayList<>(a);
            b.stream().filter(root -> !both.contains(root)).forEach(both::add);
            return both;
        }));
        return new Trust(all);
    }

    private static X509Certificate certificate(String pem) {
        try {
            var factory = CertificateFactory.getInstance("X.509");
            return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(pem.getBytes(US_ASCII)));
        } catch (CertificateException unreadable) {
            throw new IllegalArgumentException("a root that is no certificate: " + unreadable.getMessage(), unreadable);
        }
    }
}
