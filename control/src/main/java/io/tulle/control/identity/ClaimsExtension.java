package io.tulle.control.identity;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/**
 * Claims in a certificate: a non-critical extension of our own arc (ITU-T X.667: 2.25 and a random UUID), which others pass
 * over. It is left out for what an account may claim anyway.
 */
final class ClaimsExtension {
    private static final String OID = "2.25.332226439108478344913658175845429057902";

    private ClaimsExtension() {}

    static void add(X509v3CertificateBuilder builder, Claims claims) throws IOException {
        if (claims.equals(Claims.OWN)) return;
        builder.addExtension(new ASN1ObjectIdentifier(OID), false, new DERUTF8String(claims.text()));
    }

    /** Empty where there are claims that cannot be read. */
    static Optional<Claims> of(X509Certificate leaf) {
        var extension = leaf.getExtensionValue(OID);
        if (extension == null) return Optional.of(Claims.OWN);
        try {
            var text = ASN1UTF8String.getInstance(
                    ASN1OctetString.getInstance(extension).getOctets());
            return Claims.parse(text.getString());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
