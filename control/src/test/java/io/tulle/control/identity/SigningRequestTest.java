package io.tulle.control.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.testkit.FaultySignatures;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.asn1.nist.NISTNamedCurves;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X962Parameters;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ECPoint;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SigningRequestTest {
    private static final KeyPair KEYS = Forge.ec("secp256r1");
    private static final byte[] GOOD = Forge.request(KEYS, "SHA256withECDSA");

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void refusesHostileRequestsWithAReason(String name, String pem, IdentityCode expected) {
        var outcome = SigningRequest.parse(pem);

        assertEquals(Optional.of(expected.code()), outcome.refusal().map(p -> p.code()), name);
        assertTrue(SigningRequest.parse(Forge.pem(GOOD)).accepted().isPresent(), "a good one passes after it");
    }

    @Test
    void takesTheKeyAndNothingElse() {
        var outcome = SigningRequest.parse(Forge.pem(GOOD)).accepted().orElseThrow();

        assertEquals(new SigningRequest(KEYS.getPublic()), outcome);
    }

    @Test
    void aGoodRequestIsTakenThoughTheJdksOwnCheckFails() {
        try (var _ = new FaultySignatures(0, 1)) {
            assertTrue(SigningRequest.parse(Forge.pem(GOOD)).accepted().isPresent());
        }
    }

    @Test
    void acceptsTheKindsOfKeyThatItSays() {
        var good = Map.of(
                "P-384", Forge.request(Forge.ec("secp384r1"), "SHA384withECDSA"),
                "RSA 2048", Forge.request(Forge.rsa(2048, 65537), "SHA256withRSA"),
                "RSA 3072", Forge.request(Forge.rsa(3072, 65537), "SHA512withRSA"));

        good.forEach((name, der) -> assertEquals(
                Optional.empty(), SigningRequest.parse(Forge.pem(der)).refusal(), name));
    }

    @Test
    void takesNoRequestThatWasChangedAndNeverThrows() {
        var random = new Random(15);
        for (int i = 0; i < 4000; i++) {
            var bytes = Arrays.copyOf(GOOD, random.nextInt(8) == 0 ? random.nextInt(GOOD.length) : GOOD.length);
            for (int n = random.nextInt(3); n >= 0 && bytes.length > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            var isChanged = !Arrays.equals(bytes, GOOD);
            assertEquals(isChanged, SigningRequest.parse(bytes).refusal().isPresent(), () -> Forge.pem(bytes));
        }
    }

    static Stream<Arguments> hostile() {
        var unreadable = new LinkedHashMap<String, String>();
        unreadable.put("empty", "");
        unreadable.put("text", "hello");
        unreadable.put("a certificate's label", Forge.pem(GOOD).replace("CERTIFICATE REQUEST", "CERTIFICATE"));
        unreadable.put("the old NEW label", Forge.pem(GOOD).replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"));
        unreadable.put("two requests", Forge.pem(GOOD) + Forge.pem(GOOD));
        unreadable.put("no end", Forge.pem(GOOD).replaceAll("-----END.*", ""));
        unreadable.put("begin and end overlap", "-----BEGIN CERTIFICATE REQUEST-----END CERTIFICATE REQUEST-----");
        unreadable.put("a private key after it", Forge.pem(GOOD) + Pem.of(KEYS.getPrivate()));
        unreadable.put("broken base64", Forge.pem(GOOD).replace('M', '*'));
        unreadable.put("9 KiB", " ".repeat(9 * 1024) + Forge.pem(GOOD));
        unreadable.put("bytes after it", Forge.pem(Arrays.copyOf(GOOD, GOOD.length + 3)));
        unreadable.put("cut short", Forge.pem(Arrays.copyOf(GOOD, GOOD.length - 20)));
        unreadable.put("indefinite length", Forge.pem(with(1, 0x80)));
        unreadable.put("a length beyond the end", Forge.pem(with(3, GOOD[3] + 1)));
        unreadable.put("another tag", Forge.pem(with(0, 0x31)));
        unreadable.put("an empty sequence", Forge.pem(new byte[] {0x30, 0}));
        unreadable.put("nothing in it", Forge.pem(new byte[0]));
        unreadable.put("deep nesting", Forge.pem(nested()));
        unreadable.put("deep indefinite nesting", Forge.pem(pairs(0x30, 0x80)));
        unreadable.put("a certificate's bytes", Forge.pem(Base64.getDecoder().decode("MAMCAQE=")));
        var unproven = new LinkedHashMap<String, String>();
        unproven.put("a changed key", Forge.pem(changedSubject()));
        unproven.put("a changed signature", Forge.pem(with(GOOD.length - 1, GOOD[GOOD.length - 1] ^ 1)));
        unproven.put(
                "signed by another key",
                Forge.pem(Forge.request(KEYS, Forge.ec("secp256r1").getPrivate(), "SHA256withECDSA", Forge.wishes())));
        unproven.put("SHA-1", Forge.pem(Forge.request(KEYS, "SHA1withECDSA")));
        unproven.put(
                "an RSA signature for an EC key",
                Forge.pem(Forge.request(KEYS, Forge.rsa(2048, 65537).getPrivate(), "SHA256withRSA", Forge.wishes())));
        var keys = new LinkedHashMap<String, String>();
        keys.put("RSA 1024", Forge.pem(Forge.request(Forge.rsa(1024, 65537), "SHA256withRSA")));
        keys.put("RSA with exponent 3", Forge.pem(Forge.request(Forge.rsa(2048, 3), "SHA256withRSA")));
        keys.put("P-521", Forge.pem(Forge.request(Forge.ec("secp521r1"), "SHA512withECDSA")));
        keys.put("Ed25519", Forge.pem(Forge.request(Forge.of("Ed25519"), "Ed25519")));
        keys.put("DSA", Forge.pem(Forge.request(Forge.of("DSA"), "SHA256withDSA")));
        return Stream.of(
                        cases(unreadable, IdentityCode.CSR_UNREADABLE),
                        cases(unproven, IdentityCode.CSR_UNPROVEN),
                        cases(keys, IdentityCode.CSR_KEY))
                .flatMap(cases -> cases);
    }

    @Test
    void refusesExplicitCurveParameters() throws Exception {
        var der = withKey(
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, new X962Parameters(explicitP256())),
                uncompressed());

        assertTrue(SigningRequest.parse(Forge.pem(der)).refusal().isPresent());
    }

    @Test
    void refusesAPointThatIsNotOnTheCurve() throws Exception {
        var point = uncompressed();
        point[40] ^= 1;
        var der = withKey(
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, X9ObjectIdentifiers.prime256v1), point);

        assertTrue(SigningRequest.parse(Forge.pem(der)).refusal().isPresent());
    }

    private static X9ECParameters explicitP256() {
        var curve = NISTNamedCurves.getByName("P-256");
        return new X9ECParameters(curve.getCurve(), new X9ECPoint(curve.getG(), false), curve.getN(), curve.getH());
    }

    private static byte[] uncompressed() {
        return SubjectPublicKeyInfo.getInstance(KEYS.getPublic().getEncoded())
                .getPublicKeyData()
                .getOctets()
                .clone();
    }

    private static byte[] withKey(AlgorithmIdentifier algorithm, byte[] point) throws Exception {
        var builder =
                new PKCS10CertificationRequestBuilder(new X500Name("CN=x"), new SubjectPublicKeyInfo(algorithm, point));
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(KEYS.getPrivate()))
                .getEncoded();
    }

    private static Stream<Arguments> cases(Map<String, String> pems, IdentityCode code) {
        return pems.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue(), code));
    }

    private static byte[] with(int index, int value) {
        var copy = GOOD.clone();
        copy[index] = (byte) value;
        return copy;
    }

    /** The subject's name is signed too: one changed letter breaks the proof. */
    private static byte[] changedSubject() {
        var text = new String(GOOD, ISO_8859_1);
        return text.replace("admin", "Admin").getBytes(ISO_8859_1);
    }

    private static byte[] pairs(int one, int two) {
        var bytes = new byte[5000];
        for (int i = 0; i < bytes.length; i += 2) {
            bytes[i] = (byte) one;
            bytes[i + 1] = (byte) two;
        }
        return bytes;
    }

    /** Sequences in sequences, each of a true length. */
    private static byte[] nested() {
        var bytes = new byte[4000];
        for (int i = 0; i < bytes.length; i += 4) {
            var length = bytes.length - i - 4;
            bytes[i] = 0x30;
            bytes[i + 1] = (byte) 0x82;
            bytes[i + 2] = (byte) (length >> 8);
            bytes[i + 3] = (byte) length;
        }
        return bytes;
    }
}
