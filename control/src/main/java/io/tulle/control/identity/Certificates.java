package io.tulle.control.identity;

import io.tulle.model.SpiffeId;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes the mesh's certificates: X.509-SVID sections 2 to 4, RFC 5280 section 4.2. Nothing in them comes from a request but the key. */
record Certificates(SecureRandom random) {
    static final Duration ROOT_LIFE = Duration.ofDays(3650);

    /** Clocks of other hosts may lag by as much. */
    static final Duration EARLY = Duration.ofMinutes(1);

    /** Who signs. */
    record Issuer(PrivateKey key, X509Certificate certificate) {}

    record Life(Instant from, Instant to) {}

    KeyPair p256() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK makes P-256 keys", e);
        }
    }

    X509Certificate root(KeyPair keys, String trustDomain, Instant now) {
        var name = new X500Principal("CN=Tulle root");
        var life = new Life(now.minus(EARLY), now.plus(ROOT_LIFE));
        var builder = new JcaX509v3CertificateBuilder(
                name, serial(), Date.from(life.from()), Date.from(life.to()), name, keys.getPublic());
        try {
            var domain = new GeneralName(GeneralName.uniformResourceIdentifier, new SpiffeId(trustDomain, "").uri());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(domain))
                    .addExtension(Extension.subjectKeyIdentifier, false, subjectKey(keys.getPublic()));
            return signed(builder, keys.getPrivate(), KeyKind.P256);
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("a root could not be made", e);
        }
    }

    /** The subject is empty, as Istio's is, so that the SAN must be critical (RFC 5280, section 4.2.1.6). */
    X509Certificate leaf(Issuer issuer, PublicKey key, SpiffeId id, String instance, Claims claims, Life life) {
        var builder = new JcaX509v3CertificateBuilder(
                issuer.certificate(),
                serial(),
                Date.from(life.from()),
                Date.from(life.to()),
                new X500Principal(""),
                key);
        try {
            var names = new GeneralNames(new GeneralName[] {
                new GeneralName(GeneralName.uniformResourceIdentifier, id.uri()),
                new GeneralName(GeneralName.dNSName, instance)
            });
            var purposes = new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes))
                    .addExtension(Extension.subjectAlternativeName, true, names)
                    .addExtension(Extension.subjectKeyIdentifier, false, subjectKey(key))
                    .addExtension(Extension.authorityKeyIdentifier, false, authorityKey(issuer.certificate()));
            ClaimsExtension.add(builder, claims);
            var kind = KeyKind.of(issuer.certificate().getPublicKey()).orElseThrow();
            return signed(builder, issuer.key(), kind);
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("a leaf could not be signed", e);
        }
    }

    /** 128 random bits, so that nobody foretells the next one (a serial is positive: RFC 5280, section 4.1.2.2). */
    private BigInteger serial() {
        return new BigInteger(128, random).max(BigInteger.ONE);
    }

    private X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key, KeyKind kind)
            throws GeneralSecurityException, OperatorCreationException {
        var signer = new JcaContentSignerBuilder(kind.signature())
                .setSecureRandom(random)
                .build(key);
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    }

    private static SubjectKeyIdentifier subjectKey(PublicKey key) throws GeneralSecurityException {
        return new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key);
    }

    private static AuthorityKeyIdentifier authorityKey(X509Certificate issuer) throws GeneralSecurityException {
        var known = SubjectKeyIdentifier.fromExtensions(new JcaX509CertificateHolder(issuer).getExtensions());
        var subject = known != null ? known : subjectKey(issuer.getPublicKey());
        return new AuthorityKeyIdentifier(subject.getKeyIdentifier());
    }
}
