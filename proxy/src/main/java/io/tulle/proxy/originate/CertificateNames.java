package io.tulle.proxy.originate;

import io.tulle.model.IpLiteral;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The subject alternative names of a certificate, as far as a server can be meant by them (RFC 9525). */
record CertificateNames(List<String> dns, List<String> addresses, List<String> uris) {
    private static final int DNS = 2; // X509Certificate.getSubjectAlternativeNames
    private static final int URI = 6;
    private static final int ADDRESS = 7;

    static CertificateNames of(X509Certificate certificate) throws CertificateParsingException {
        var names = new CertificateNames(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        var all = certificate.getSubjectAlternativeNames();
        if (all == null) return names;
        for (var each : all) {
            if (!(each.get(0) instanceof Integer kind) || !(each.get(1) instanceof String name)) continue;
            switch (kind) {
                case DNS -> names.dns.add(name.toLowerCase(Locale.ROOT));
                case URI -> names.uris.add(name);
                case ADDRESS -> names.addresses.add(name);
                default -> {} // other kinds of names mean no server
            }
        }
        return names;
    }

    /** Whether it is for a name: a URI, an IP address or a DNS name, the last by a wildcard for its first label too. */
    boolean has(String name) {
        if (name.contains("://")) return uris.contains(name);
        var address = IpLiteral.parse(name);
        if (address.isPresent())
            return addresses.stream().anyMatch(each -> IpLiteral.parse(each).equals(address));
        var plain = name.toLowerCase(Locale.ROOT);
        return dns.stream().anyMatch(each -> each.equals(plain) || isBelow(plain, each));
    }

    private static boolean isBelow(String name, String pattern) {
        if (!pattern.startsWith("*.")) return false;
        var dot = name.indexOf('.');
        return dot > 0 && name.substring(dot).equals(pattern.substring(1)) && pattern.indexOf('.', 2) > 0;
    }

    /** All of them, for a sentence. */
    List<String> all() {
        var all = new ArrayList<>(dns);
        all.addAll(addresses);
        all.addAll(uris);
        return all;
    }
}
