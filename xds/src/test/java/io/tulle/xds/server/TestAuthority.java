package io.tulle.xds.server;

import io.tulle.model.SpiffeId;
import io.tulle.xds.client.OwnCredentials;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A root of its own, and leaves from it. */
final class TestAuthority {
    private final AtomicLong serials = new AtomicLong(1);
    private final KeyPair keys = keys();
    private final X509Certificate root;

    TestAuthority(String name) {
        root = sign(
                keys.getPublic(),
                keys.getPrivate(),
                "CN=" + name,
                "CN=" + name,
                List.of(),
                Duration.ofDays(1),
                true,
                false);
    }

    X509Certificate root() {
        return root;
    }

    String digest() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(root.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One that says for nothing what its key may be used: no workload's, by the standard. */
    OwnCredentials leafWithoutUse(SpiffeId identity, String instance, Duration life) {
        return leaf(identity, instance, life, false);
    }

    OwnCredentials leaf(SpiffeId identity, String instance, Duration life) {
        return leaf(identity, instance, life, true);
    }

    private OwnCredentials leaf(SpiffeId identity, String instance, Duration life, boolean withUse) {
        var own = keys();
        var names = List.of(
                new GeneralName(GeneralName.uniformResourceIdentifier, identity.uri()),
                new GeneralName(GeneralName.dNSName, instance));
        var issuer = root.getSubjectX500Principal().getName();
        var leaf = sign(own.getPublic(), keys.getPrivate(), issuer, "CN=" + instance, names, life, false, withUse);
        return new OwnCredentials(own.getPrivate(), List.of(leaf));
    }

    private X509Certificate sign(
            PublicKey subject,
            PrivateKey by,
            String issuer,
            String name,
            List<GeneralName> names,
            Duration life,
            boolean authority,
            boolean withUse) {
        try {
            var now = Clock.systemUTC().instant();
            Instant from = life.isNegative() ? now.plus(life).minusSeconds(60) : now.minusSeconds(60);
            var builder = new JcaX509v3CertificateBuilder(
                    new X500Name(issuer),
                    BigInteger.valueOf(serials.getAndIncrement()),
                    Date.from(from),
                    Date.from(now.plus(life)),
                    new X500Name(name),
                    subject);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (withUse) builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            if (!names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(new GeneralName[0])));
            }
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(by);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
