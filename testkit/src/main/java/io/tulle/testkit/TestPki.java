package io.tulle.testkit;

import io.tulle.model.SpiffeId;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for tests: a P-256 root, and leaves as right or as wrong as a test wants them. */
public final class TestPki {
    private static final AtomicLong SERIAL = new AtomicLong(1);

    private final KeyPair keys;
    private final X509Certificate root;

    private TestPki(KeyPair keys, X509Certificate root) {
        this.keys = keys;
        this.root = root;
    }

    /** A new root; two calls give roots that know nothing of each other. */
    public static TestPki create() {
        var keys = newKeys();
        var name = new X500Name("CN=Test Root " + SERIAL.get());
        var now = Instant.now();
        try {
            var builder = new JcaX509v3CertificateBuilder(
                            name,
                            BigInteger.valueOf(SERIAL.getAndIncrement()),
                            Date.from(now.minus(Duration.ofDays(2))),
                            Date.from(now.plus(Duration.ofDays(10))),
                            name,
                            keys.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return new TestPki(keys, signed(builder, keys));
        } catch (CertIOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** An authority below this one, with a URI SAN; what it signs leads to this root through it. */
    public TestPki authority(String uri) {
        var keys = newKeys();
        var now = Instant.now();
        try {
            var builder = new JcaX509v3CertificateBuilder(
                            root,
                            BigInteger.valueOf(SERIAL.getAndIncrement()),
                            Date.from(now.minus(Duration.ofDays(1))),
                            Date.from(now.plus(Duration.ofDays(1))),
                            new X500Name("CN=Test Authority " + SERIAL.get()),
                            keys.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(Extension.subjectAlternativeName, false, names(List.of(uri), List.of()));
            return new TestPki(keys, signed(builder, this.keys));
        } catch (CertIOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public X509Certificate root() {
        return root;
    }

    public String rootPem() {
        return TestLeaf.pem("CERTIFICATE", encoded(root));
    }

    /** A good leaf of one workload, valid from a minute ago for an hour. */
    public TestLeaf leaf(SpiffeId id, String instance) {
        return leaf(List.of(id.uri()), List.of(instance), Shape.GOOD);
    }

    /** A leaf whose time was over an hour ago. */
    public TestLeaf expired(SpiffeId id, String instance) {
        return leaf(List.of(id.uri()), List.of(instance), Shape.EXPIRED);
    }

    /** How a leaf departs from what it should be. */
    public enum Shape {
        GOOD,
        EXPIRED,
        /** Its time begins in an hour. */
        NOT_YET,
        /** It claims to be a certificate authority. */
        AUTHORITY,
        /** Its extended key usage is code signing alone. */
        WRONG_USE,
        /** Its extended key usage is that of a client alone. */
        CLIENT_ONLY,
        /** Its key usage is not critical. */
        LAX_USAGE,
        /** It may sign certificates. */
        SIGNS
    }

    /** Any leaf: URI SANs as told, and a shape. */
    public TestLeaf leaf(List<String> uris, List<String> dnsNames, Shape shape) {
        var keys = newKeys();
        var from = Instant.now()
                .plus(
                        switch (shape) {
                            case EXPIRED -> Duration.ofHours(-2);
                            case NOT_YET -> Duration.ofHours(1);
                            case GOOD, AUTHORITY, WRONG_USE, CLIENT_ONLY, LAX_USAGE, SIGNS -> Duration.ofMinutes(-1);
                        });
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    root,
                    BigInteger.valueOf(SERIAL.getAndIncrement()),
                    Date.from(from),
                    Date.from(from.plus(Duration.ofHours(1))),
                    new X500Name(""),
                    keys.getPublic());
            var usage = shape == Shape.SIGNS || shape == Shape.AUTHORITY ? KeyUsage.keyCertSign : 0;
            var purposes = switch (shape) {
                case WRONG_USE -> new KeyPurposeId[] {KeyPurposeId.id_kp_codeSigning};
                case CLIENT_ONLY -> new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth};
                case GOOD, EXPIRED, NOT_YET, AUTHORITY, LAX_USAGE, SIGNS ->
                    new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
            };
            builder.addExtension(Extension.subjectAlternativeName, true, names(uris, dnsNames))
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(shape == Shape.AUTHORITY))
                    .addExtension(
                            Extension.keyUsage,
                            shape != Shape.LAX_USAGE,
                            new KeyUsage(KeyUsage.digitalSignature | usage))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
            return new TestLeaf(keys.getPrivate(), signed(builder, this.keys), root);
        } catch (CertIOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static GeneralNames names(List<String> uris, List<String> dnsNames) {
        var names = new ArrayList<GeneralName>();
        uris.forEach(uri -> names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
        dnsNames.forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    private static KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, KeyPair by) {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException | GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
