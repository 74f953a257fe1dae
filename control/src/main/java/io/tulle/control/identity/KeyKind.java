package io.tulle.control.identity;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTNamedCurves;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** The keys that the mesh accepts, in leaves and authorities alike, and how each signs. */
enum KeyKind {
    P256("SHA256withECDSA"),
    P384("SHA384withECDSA"),
    RSA("SHA256withRSA");

    private final String signature;

    KeyKind(String signature) {
        this.signature = signature;
    }

    /** The JCA name of the signature that an authority with such a key makes. */
    String signature() {
        return signature;
    }

    /**
     * Judges a key by its encoding and its numbers: only named curves (explicit parameters have forged identities before,
     * CVE-2020-0601) with a point on the curve, and RSA that is neither weak nor large enough to be a burden.
     */
    static Optional<KeyKind> of(SubjectPublicKeyInfo info, PublicKey key) {
        return switch (key) {
            case ECPublicKey _ -> onNamedCurve(info);
            case RSAPublicKey rsa ->
                rsa.getModulus().bitLength() >= 2048
                                && rsa.getModulus().bitLength() <= 4096
                                && rsa.getPublicExponent().equals(BigInteger.valueOf(65537))
                        ? Optional.of(RSA)
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    static Optional<KeyKind> of(PublicKey key) {
        return of(SubjectPublicKeyInfo.getInstance(key.getEncoded()), key);
    }

    private static Optional<KeyKind> onNamedCurve(SubjectPublicKeyInfo info) {
        if (!(info.getAlgorithm().getParameters() instanceof ASN1ObjectIdentifier curve)) return Optional.empty();
        try {
            if (curve.equals(X9ObjectIdentifiers.prime256v1)) return validPoint("P-256", info, P256);
            if (curve.equals(SECObjectIdentifiers.secp384r1)) return validPoint("P-384", info, P384);
        } catch (IllegalArgumentException _) { // the point is not on the curve
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<KeyKind> validPoint(String curve, SubjectPublicKeyInfo info, KeyKind kind) {
        var point = NISTNamedCurves.getByName(curve)
                .getCurve()
                .decodePoint(info.getPublicKeyData().getOctets());
        return point.isValid() && !point.isInfinity() ? Optional.of(kind) : Optional.empty();
    }
}
