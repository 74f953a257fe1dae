package io.tulle.it.mesh;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that has nothing to do with the mesh, and certificates of it. */
final class OutsideAuthority {
    private static final char[] NO_PASSWORD = "".toCharArray();

    private final AtomicLong serials = new AtomicLong(1);
    private final KeyPair keys = keys();
    private final X500Name name;
    private final X509Certificate root;

    OutsideAuthority(String name) throws Exception {
        this.name = new X500Name("CN=" + name);
        this.root = sign(keys, this.name, List.of(), Duration.ofDays(1), true);
    }

    /** A certificate and its key. */
    record Pair(PrivateKey key, X509Certificate certificate) {
        /** Writes both as PEM. */
        void write(Path certificateFile, Path keyFile) throws Exception {
            Files.writeString(certificateFile, pem("CERTIFICATE", certificate.getEncoded()));
            Files.writeString(keyFile, pem("PRIVATE KEY", key.getEncoded()));
        }
    }

    Path writeRoot(Path file) throws Exception {
        return Files.writeString(file, pem("CERTIFICATE", root.getEncoded()));
    }

    /** @param life negative for one that expired so long ago */
    Pair leaf(Duration life, GeneralName... names) throws Exception {
        var own = keys();
        return new Pair(own.getPrivate(), sign(own, new X500Name("CN=leaf"), List.of(names), life, false));
    }

    static GeneralName dns(String name) {
        return new GeneralName(GeneralName.dNSName, name);
    }

    static GeneralName uri(String name) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, name);
    }

    /** A list of what is revoked, which may be nothing. */
    Path writeRevoked(Path file, List<Pair> revoked) throws Exception {
        var now = Clock.systemUTC().instant();
        var builder = new JcaX509v2CRLBuilder(root.getSubjectX500Principal(), Date.from(now.minusSeconds(60)));
        builder.setNextUpdate(Date.from(now.plusSeconds(3600)));
        for (var each : revoked) {
            builder.addCRLEntry(each.certificate().getSerialNumber(), Date.from(now), CRLReason.keyCompromise);
        }
        var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
        return Files.writeString(file, pem("X509 CRL", builder.build(signer).getEncoded()));
    }

    /** What a server shows; whom it lets in is what this authority has signed. */
    SSLContext server(Pair own) throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setKeyEntry("own", own.key(), NO_PASSWORD, new Certificate[] {own.certificate()});
        var shown = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        shown.init(store, NO_PASSWORD);
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, NO_PASSWORD);
        trusted.setCertificateEntry("root", root);
        var taken = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        taken.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(shown.getKeyManagers(), taken.getTrustManagers(), null);
        return context;
    }

    private X509Certificate sign(
            KeyPair subject, X500Name subjectName, List<GeneralName> names, Duration life, boolean authority)
            throws GeneralSecurityException, IOException, OperatorCreationException {
        var now = Clock.systemUTC().instant();
        var from = life.isNegative() ? now.plus(life).minusSeconds(3600) : now.minusSeconds(3600);
        var builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(serials.getAndIncrement()),
                Date.from(from),
                Date.from(now.plus(life)),
                subjectName,
                subject.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        if (!names.isEmpty())
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(new GeneralName[0])));
        var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    }

    private static KeyPair keys() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static String pem(String label, byte[] der) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }
}
