package io.tulle.proxy.originate;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/** Revocation lists, asked of the server's own certificate. A list that is missing, forged or too old refuses it. */
record Revocations(List<X509CRL> lists) {
    void requireNotRevoked(X509Certificate leaf, PublicKey issuer, Instant now) throws CertificateException {
        var theirs = lists.stream()
                .filter(list -> isOf(list, leaf.getIssuerX500Principal(), issuer))
                .toList();
        if (theirs.isEmpty())
            throw new CertificateException("caCrl has no revocation list of its issuer, "
                    + leaf.getIssuerX500Principal().getName());
        for (var list : theirs) {
            if (list.isRevoked(leaf)) throw new CertificateException("its issuer has revoked it");
        }
        if (theirs.stream().noneMatch(list -> isCurrent(list, now)))
            throw new CertificateException("the revocation list of its issuer in caCrl is too old");
    }

    private static boolean isOf(X509CRL list, X500Principal name, PublicKey issuer) {
        if (!list.getIssuerX500Principal().equals(name)) return false;
        try {
            list.verify(issuer);
            return true;
        } catch (GeneralSecurityException forged) {
            return false;
        }
    }

    private static boolean isCurrent(X509CRL list, Instant now) {
        var next = list.getNextUpdate();
        return next == null || next.toInstant().isAfter(now);
    }
}
