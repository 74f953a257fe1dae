package io.tulle.control.identity;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Makes keys, requests and certificates of every kind that a mesh may meet, good and bad. */
final class Forge {
    private Forge() {}

    static KeyPair ec(String curve) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static KeyPair rsa(int bits, int exponent) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(new RSAKeyGenParameterSpec(bits, BigInteger.valueOf(exponent)));
            return generator.generateKeyPair();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static KeyPair of(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static byte[] request(KeyPair named, PrivateKey signer, String signature, Extensions wishes) {
        try {
            var builder = new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=admin"), named.getPublic());
            builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, wishes);
            return builder.build(new JcaContentSignerBuilder(signature).build(signer))
                    .getEncoded();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static byte[] request(KeyPair keys, String signature) {
        return request(keys, keys.getPrivate(), signature, wishes());
    }

    /** A good request, that of Tulle's own sidecar but for its greedy wishes. */
    static String pem() {
        return pem(request(ec("secp256r1"), "SHA256withECDSA"));
    }

    static String pem(byte[] der) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN CERTIFICATE REQUEST-----\n" + lines + "\n-----END CERTIFICATE REQUEST-----\n";
    }

    /** To be an authority, and another service: all that a greedy request could ask for. */
    static Extensions wishes() {
        try {
            var wishes = new ExtensionsGenerator();
            wishes.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            wishes.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
            wishes.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://tulle/ns/bank/sa/vault"),
                new GeneralName(GeneralName.dNSName, "vault-1")
            }));
            return wishes.generate();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Who signs, and the certificate that says so. */
    record Signer(X509Certificate certificate, KeyPair keys) {}

    /** A certificate in the making; each method breaks or makes one rule. */
    static final class Draft {
        private final List<Extra> extras = new ArrayList<>();
        private String subject = "";
        private Instant from;
        private Instant to;

        private record Extra(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {}

        Draft(Instant now) {
            from = now.minusSeconds(60);
            to = now.plusSeconds(3600);
        }

        Draft subject(String name) {
            subject = name;
            return this;
        }

        Draft from(Instant when) {
            from = when;
            return this;
        }

        Draft to(Instant when) {
            to = when;
            return this;
        }

        Draft authority() {
            return with(Extension.basicConstraints, true, new BasicConstraints(true));
        }

        Draft usage(boolean critical, int usage) {
            return with(Extension.keyUsage, critical, new KeyUsage(usage));
        }

        Draft purposes(KeyPurposeId... purposes) {
            return with(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
        }

        Draft names(boolean critical, GeneralName... names) {
            return with(Extension.subjectAlternativeName, critical, new GeneralNames(names));
        }

        Draft with(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
            extras.add(new Extra(id, critical, value));
            return this;
        }

        X509Certificate by(Signer issuer, KeyPair keys) {
            var name = issuer.certificate().getSubjectX500Principal();
            return sign(name, issuer.keys(), keys);
        }

        Signer bySelf(KeyPair keys) {
            return new Signer(sign(new X500Principal(subject), keys, keys), keys);
        }

        private X509Certificate sign(X500Principal issuer, KeyPair signer, KeyPair keys) {
            try {
                var builder = new JcaX509v3CertificateBuilder(
                        issuer,
                        new BigInteger(64, new java.util.Random(7)),
                        Date.from(from),
                        Date.from(to),
                        new X500Principal(subject),
                        keys.getPublic());
                for (var extra : extras) builder.addExtension(extra.id(), extra.critical(), extra.value());
                var algorithm = signer.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
                return new JcaX509CertificateConverter()
                        .getCertificate(
                                builder.build(new JcaContentSignerBuilder(algorithm).build(signer.getPrivate())));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    static GeneralName uri(String text) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, text);
    }

    static GeneralName dns(String text) {
        return new GeneralName(GeneralName.dNSName, text);
    }

    static Draft rootDraft(Instant now) {
        return new Draft(now)
                .subject("CN=an operator's root")
                .authority()
                .usage(true, KeyUsage.keyCertSign | KeyUsage.cRLSign);
    }
}
