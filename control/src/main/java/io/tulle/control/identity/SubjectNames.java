package io.tulle.control.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** A certificate's URI and DNS subject alternative names, each of its own kind (CVE-2022-21656 mixed them). */
record SubjectNames(List<String> uris, List<String> dns) {
    private static final int DNS = 2;
    private static final int URI = 6;

    SubjectNames {
        uris = List.copyOf(uris);
        dns = List.copyOf(dns);
    }

    static SubjectNames of(X509Certificate certificate) {
        var uris = new ArrayList<String>();
        var dns = new ArrayList<String>();
        try {
            var names = certificate.getSubjectAlternativeNames();
            for (var name : names == null ? List.<List<?>>of() : names) {
                if (name.get(0).equals(URI)) uris.add((String) name.get(1));
                if (name.get(0).equals(DNS)) dns.add((String) name.get(1));
            }
        } catch (CertificateParsingException _) {
            return new SubjectNames(List.of(), List.of()); // names that cannot be read name nobody
        }
        return new SubjectNames(uris, dns);
    }
}
