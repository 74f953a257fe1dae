package io.tulle.control.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.SpiffeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
    private static final SpiffeId CART = SpiffeId.of("tulle", "shop", "cart");

    @TempDir
    Path home;

    private final ManualTime time = new ManualTime();
    private final SecureRandom random = new SecureRandom();

    @Test
    void makesAP256RootOnItsFirstStartInADirectoryOfItsOwn() throws Exception {
        var authority = open();

        var root = authority.roots().getFirst();
        assertEquals(KeyKind.P256, KeyKind.of(root.getPublicKey()).orElseThrow());
        assertEquals("rwx------", mode(directory()));
        assertEquals("rw-------", mode(directory().resolve("ca-key.pem")));
        assertEquals(List.of("ca-cert.pem", "ca-key.pem", "root-cert.pem"), names(directory()));
        assertEquals(List.of("authority"), names(home), "nothing half-made stays beside it");
    }

    @Test
    void keepsItsRootAcrossRestarts() {
        var before = open();
        var leaf = issue(before);

        var after = open();

        assertEquals(before.rootDigest(), after.rootDigest());
        assertTrue(SvidVerifier.of(after, time).verify(chain(leaf)).accepted().isPresent());
    }

    @Test
    void saysTheDigestThatOpensslWouldShow() throws Exception {
        var authority = open();

        var holder = new X509CertificateHolder(authority.roots().getFirst().getEncoded());
        var digest = MessageDigest.getInstance("SHA-256").digest(holder.getEncoded());
        assertEquals(HexFormat.of().formatHex(digest), authority.rootDigest());
    }

    @Test
    void manyFirstStartsAtOnceAgreeOnOneRoot() throws Exception {
        List<Future<String>> digests;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<String> start = () -> open().rootDigest();
            digests = threads.invokeAll(Collections.nCopies(8, start));
        }

        for (var digest : digests) assertEquals(open().rootDigest(), digest.get());
        assertEquals(List.of("authority"), names(home));
    }

    @Test
    void signsLeavesByTheRulesOfSpiffe() throws Exception {
        var authority = open();

        var leaf = new X509CertificateHolder(chain(issue(authority)).getFirst().getEncoded());

        var extensions = leaf.getExtensions();
        assertEquals(new X500Name(new RDN[0]), leaf.getSubject());
        var san = extensions.getExtension(Extension.subjectAlternativeName);
        assertTrue(san.isCritical(), "the subject is empty");
        assertArrayEquals(
                new GeneralName[] {Forge.uri("spiffe://tulle/ns/shop/sa/cart"), Forge.dns("cart-1")},
                GeneralNames.getInstance(san.getParsedValue()).getNames());
        assertTrue(extensions.getExtension(Extension.keyUsage).isCritical());
        assertEquals(new KeyUsage(KeyUsage.digitalSignature), KeyUsage.fromExtensions(extensions));
        assertFalse(BasicConstraints.fromExtensions(extensions).isCA());
        assertArrayEquals(
                new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth},
                ExtendedKeyUsage.fromExtensions(extensions).getUsages());
        assertArrayEquals(
                SubjectKeyIdentifier.fromExtensions(rootExtensions(authority)).getKeyIdentifier(),
                AuthorityKeyIdentifier.fromExtensions(extensions).getKeyIdentifierOctets());
        assertTrue(SubjectKeyIdentifier.fromExtensions(extensions) != null);
        assertEquals(time.instant().minusSeconds(60), leaf.getNotBefore().toInstant());
        assertEquals(
                time.instant().plus(Duration.ofHours(24)), leaf.getNotAfter().toInstant());
        assertEquals(6, extensions.getExtensionOIDs().length, "nothing more is in it");
    }

    @Test
    void givesEachLeafARandomSerialOf128Bits() {
        var authority = open();

        var one = chain(issue(authority)).getFirst().getSerialNumber();
        var other = chain(issue(authority)).getFirst().getSerialNumber();

        assertNotEquals(one, other);
        assertTrue(one.signum() > 0 && one.bitLength() <= 128 && one.bitLength() > 90, one.toString(16));
    }

    @Test
    void issuesLeavesOfAMinuteForLabs() {
        var settings = new AuthoritySettings(directory(), "tulle", Duration.ofSeconds(60));

        var leaf = issue(CertificateAuthority.open(settings, time, random));

        assertEquals(time.instant().plusSeconds(60), leaf.notAfter());
    }

    @Test
    void neverLetsALeafOutliveTheAuthority() {
        var authority = open();
        var end = authority.roots().getFirst().getNotAfter().toInstant();
        time.jump(Duration.between(time.instant(), end).minusHours(1));

        assertEquals(end, issue(authority).notAfter());

        time.jump(Duration.ofHours(2));
        assertEquals(
                IdentityCode.AUTHORITY_EXPIRED.code(),
                authority.complaint().orElseThrow().code());
    }

    @Test
    void givesTheControlPlaneALeafWhoseChainShowsTheRoot() {
        var authority = open();

        var own = authority.issueOwn(SpiffeId.of("tulle", "tulle-system", "control"), "control");

        assertEquals(authority.rootDigest(), Pem.digest(own.chain().getLast()));
        assertTrue(
                SvidVerifier.of(authority, time).verify(own.chain()).accepted().isPresent());
        assertFalse(own.toString().contains("Key"));
    }

    @Test
    void signsBelowAnOperatorsIntermediate() throws Exception {
        var operator = Operator.of(time.instant());
        operator.writeTo(directory());

        var authority = open();
        var leaf = issue(authority);

        assertEquals(2, chain(leaf).size(), "leaf and intermediate, not the root");
        assertEquals(Pem.digest(operator.root().certificate()), authority.rootDigest());
        var svid =
                SvidVerifier.of(authority, time).verify(chain(leaf)).accepted().orElseThrow();
        assertEquals(CART, svid.id());
    }

    @Test
    void trustsTheOldRootAndTheNewWhileOneReplacesTheOther() throws Exception {
        var old = open();
        var leaf = issue(old);
        var operator = Operator.of(time.instant());
        operator.writeTo(directory());
        Files.writeString(
                directory().resolve("root-cert.pem"),
                old.trustPem() + Pem.of(operator.root().certificate()));

        var both = open();

        var verifier = SvidVerifier.of(both, time);
        assertTrue(verifier.verify(chain(leaf)).accepted().isPresent());
        assertTrue(verifier.verify(chain(issue(both))).accepted().isPresent());
        assertEquals(Pem.digest(operator.root().certificate()), both.rootDigest(), "new members pin the new root");
    }

    static Extensions rootExtensions(CertificateAuthority authority) throws Exception {
        return new X509CertificateHolder(authority.roots().getFirst().getEncoded()).getExtensions();
    }

    static IssuedLeaf issue(CertificateAuthority authority) {
        var request = SigningRequest.parse(Forge.pem()).accepted().orElseThrow();
        return authority.issue(request, CART, "cart-1", Claims.OWN);
    }

    static List<X509Certificate> chain(IssuedLeaf leaf) {
        try {
            return Pem.certificates(leaf.chainPem());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Path directory() {
        return home.resolve("authority");
    }

    private CertificateAuthority open() {
        return CertificateAuthority.open(AuthoritySettings.of(directory(), "tulle"), time, random);
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static List<String> names(Path path) throws Exception {
        try (var entries = Files.list(path)) {
            return entries.map(e -> e.getFileName().toString()).sorted().toList();
        }
    }
}
