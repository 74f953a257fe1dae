package io.tulle.xds;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;

/** RFC 5280, section 6, as the JDK does it, at a time that is given. Leaves live hours, so nothing is revoked. */
public final class CertificatePath {
    private CertificatePath() {}

    /** The root to which a path (leaf first, root absent) leads; throws where it leads nowhere. */
    public static X509Certificate anchorOf(List<X509Certificate> path, Collection<X509Certificate> roots, Instant now)
            throws GeneralSecurityException {
        var anchors = roots.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet());
        var parameters = new PKIXParameters(anchors);
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(now));
        var certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
        var result = (PKIXCertPathValidatorResult)
                CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
        return result.getTrustAnchor().getTrustedCert();
    }
}
