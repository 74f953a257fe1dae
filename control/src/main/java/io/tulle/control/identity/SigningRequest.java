package io.tulle.control.identity;

import java.io.IOException;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentVerifierProviderBuilder;
import org.bouncycastle.operator.bc.BcRSAContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that the authority takes from a certificate signing request (PKCS#10, RFC 2986): a public key of an accepted kind,
 * whose owner signed the request. Subject, extensions and attributes are never looked at.
 */
public record SigningRequest(PublicKey key) {
    private static final Logger LOG = LoggerFactory.getLogger(SigningRequest.class);
    private static final int LARGEST = 8 * 1024;
    private static final String BEGIN = "-----BEGIN CERTIFICATE REQUEST-----";
    private static final String END = "-----END CERTIFICATE REQUEST-----";

    /** SHA-1 and older are gone: a collision would let one proof serve for two requests. */
    private static final Set<String> SIGNATURES = Set.of(
            X9ObjectIdentifiers.ecdsa_with_SHA256.getId(),
            X9ObjectIdentifiers.ecdsa_with_SHA384.getId(),
            X9ObjectIdentifiers.ecdsa_with_SHA512.getId(),
            PKCSObjectIdentifiers.sha256WithRSAEncryption.getId(),
            PKCSObjectIdentifiers.sha384WithRSAEncryption.getId(),
            PKCSObjectIdentifiers.sha512WithRSAEncryption.getId());

    /** Reads one PEM block and nothing else. */
    public static Checked<SigningRequest> parse(String pem) {
        if (pem.length() > LARGEST) return unreadable("a signing request has at most 8 KiB");
        var text = pem.strip();
        if (!text.startsWith(BEGIN) || !text.endsWith(END)) {
            return unreadable("a signing request is one PEM block, CERTIFICATE REQUEST");
        }
        var body = text.substring(BEGIN.length(), Math.max(BEGIN.length(), text.length() - END.length()));
        try {
            var compact = body.replaceAll("[\\r\\n]", "");
            return parse(Base64.getDecoder().decode(compact));
        } catch (IllegalArgumentException _) {
            return unreadable("the signing request's base64 is broken");
        }
    }

    /** Reads DER. */
    public static Checked<SigningRequest> parse(byte[] der) {
        if (der.length > LARGEST) return unreadable("a signing request has at most 8 KiB");
        if (!DerShape.isPlain(der)) return unreadable("the signing request is no DER");
        try {
            var request = new PKCS10CertificationRequest(der);
            // The parser forgives other spellings and judges its own: only one spelling may be what was signed.
            if (!Arrays.equals(request.toASN1Structure().getEncoded(ASN1Encoding.DER), der)) {
                return unreadable("the signing request is no DER");
            }
            var key = new JcaPEMKeyConverter().getPublicKey(request.getSubjectPublicKeyInfo());
            // Asked of the key as it was sent: a re-encoding could hide explicit curve parameters.
            var kind = KeyKind.of(request.getSubjectPublicKeyInfo(), key);
            if (kind.isEmpty()) return Checked.refused(IdentityCode.CSR_KEY.problem());
            if (!SIGNATURES.contains(
                    request.getSignatureAlgorithm().getAlgorithm().getId())) {
                return Checked.refused(
                        IdentityCode.CSR_UNPROVEN.problem("the signing request's signature is too weak"));
            }
            return proven(request, key);
        } catch (IOException | RuntimeException _) { // BouncyCastle reports much of what is malformed unchecked
            return unreadable("the signing request cannot be read");
        }
    }

    private static Checked<SigningRequest> proven(PKCS10CertificationRequest request, PublicKey key) {
        try {
            if (request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key)))
                return Checked.fit(new SigningRequest(key));
            // Sidecars of ours have been refused here, rarely and under load, and were taken a second later. Whoever
            // comes this
            // far has shown a credential, and a request holds no secret: it is kept, to see which side was wrong.
            var text = Base64.getEncoder().encodeToString(request.getEncoded());
            if (request.isSignatureValid(otherwise(request, key))) {
                LOG.error("the JDK's check of a signature failed, and another's did not: csr={}", text);
                return Checked.fit(new SigningRequest(key));
            }
            LOG.warn("a signing request's signature is not its key's: csr={}", text);
            return Checked.refused(IdentityCode.CSR_UNPROVEN.problem());
        } catch (OperatorCreationException | PKCSException | IOException | RuntimeException e) {
            // A signature that cannot be checked proves nothing; but it may be this side's fault.
            LOG.warn("a signing request's signature cannot be checked", e);
            return Checked.refused(
                    IdentityCode.CSR_UNPROVEN.problem("the signing request's signature cannot be checked: " + e));
        }
    }

    /** By code that shares nothing with the JDK's. */
    private static ContentVerifierProvider otherwise(PKCS10CertificationRequest request, PublicKey key)
            throws IOException, OperatorCreationException {
        var digests = new DefaultDigestAlgorithmIdentifierFinder();
        var builder = key instanceof RSAPublicKey
                ? new BcRSAContentVerifierProviderBuilder(digests)
                : new BcECContentVerifierProviderBuilder(digests);
        return builder.build(PublicKeyFactory.createKey(request.getSubjectPublicKeyInfo()));
    }

    private static Checked<SigningRequest> unreadable(String message) {
        return Checked.refused(IdentityCode.CSR_UNREADABLE.problem(message));
    }
}
