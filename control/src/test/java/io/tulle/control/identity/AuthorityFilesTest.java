package io.tulle.control.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AuthorityFilesTest {
    private static final Instant NOW = ManualTime.BEGINNING;

    @TempDir
    Path home;

    interface Damage {
        void to(Path directory) throws Exception;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damaged")
    void refusesAnAuthorityThatCannotBeTrusted(String name, IdentityCode expected, Damage damage) throws Exception {
        Operator.of(NOW).writeTo(directory("bad"));
        damage.to(directory("bad"));

        var thrown = assertThrows(IdentityException.class, () -> open("bad"));

        assertEquals(expected.code(), thrown.problem().code(), thrown.getMessage());
        assertFalse(thrown.getMessage().contains("BEGIN"), "no key in a message");
        Operator.of(NOW).writeTo(directory("good"));
        open("good");
    }

    static Stream<Arguments> damaged() {
        return Stream.of(
                bad(
                        "key readable by its group",
                        IdentityCode.AUTHORITY_PERMISSIONS,
                        d -> mode(d, "ca-key.pem", "rw-r-----")),
                bad("key readable by all", IdentityCode.AUTHORITY_PERMISSIONS, d -> mode(d, "ca-key.pem", "rw-r--r--")),
                bad("directory open to all", IdentityCode.AUTHORITY_PERMISSIONS, d -> mode(d, "", "rwxr-xr-x")),
                bad("an empty directory open to all", IdentityCode.AUTHORITY_PERMISSIONS, d -> {
                    for (var name : Operator.of(NOW).files().keySet()) Files.delete(d.resolve(name));
                    mode(d, "", "rwxrwxr-x");
                }),
                bad("no key", IdentityCode.AUTHORITY_INCOMPLETE, d -> Files.delete(d.resolve("ca-key.pem"))),
                bad("no certificate", IdentityCode.AUTHORITY_INCOMPLETE, d -> Files.delete(d.resolve("ca-cert.pem"))),
                bad("no root", IdentityCode.AUTHORITY_INCOMPLETE, d -> Files.delete(d.resolve("root-cert.pem"))),
                bad("key is no PEM", IdentityCode.AUTHORITY_UNREADABLE, d -> write(d, "ca-key.pem", "no key")),
                bad("key cut short", IdentityCode.AUTHORITY_UNREADABLE, d -> {
                    var text = Files.readString(d.resolve("ca-key.pem"));
                    write(d, "ca-key.pem", text.substring(0, text.length() / 2));
                }),
                bad("key is encrypted", IdentityCode.AUTHORITY_UNREADABLE, d -> {
                    var text = Files.readString(d.resolve("ca-key.pem"));
                    write(d, "ca-key.pem", text.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"));
                }),
                bad("certificate is no PEM", IdentityCode.AUTHORITY_UNREADABLE, d -> write(d, "ca-cert.pem", "none")),
                bad("certificate is empty", IdentityCode.AUTHORITY_UNREADABLE, d -> write(d, "ca-cert.pem", "")),
                bad(
                        "root is 2 MiB",
                        IdentityCode.AUTHORITY_UNREADABLE,
                        d -> write(d, "root-cert.pem", "x".repeat(2 << 20))),
                bad(
                        "key of another",
                        IdentityCode.AUTHORITY_UNFIT,
                        d -> write(d, "ca-key.pem", Pem.of(Forge.ec("secp384r1").getPrivate()))),
                bad(
                        "a leaf for an authority",
                        IdentityCode.AUTHORITY_UNFIT,
                        d -> issuer(
                                d,
                                new Forge.Draft(NOW).subject("CN=i").usage(true, KeyUsage.keyCertSign),
                                "secp256r1")),
                bad(
                        "may not sign certificates",
                        IdentityCode.AUTHORITY_UNFIT,
                        d -> issuer(
                                d,
                                new Forge.Draft(NOW).subject("CN=i").authority().usage(true, KeyUsage.digitalSignature),
                                "secp256r1")),
                bad(
                        "of another trust domain",
                        IdentityCode.AUTHORITY_UNFIT,
                        d -> issuer(d, authority().names(false, Forge.uri("spiffe://elsewhere")), "secp256r1")),
                bad(
                        "names a workload",
                        IdentityCode.AUTHORITY_UNFIT,
                        d -> issuer(d, authority().names(false, Forge.uri("spiffe://tulle/ns/a/sa/b")), "secp256r1")),
                bad("a key of P-521", IdentityCode.AUTHORITY_UNFIT, d -> issuer(d, authority(), "secp521r1")),
                bad(
                        "leads to another root",
                        IdentityCode.AUTHORITY_UNFIT,
                        d -> write(
                                d,
                                "root-cert.pem",
                                Pem.of(Forge.rootDraft(NOW)
                                        .bySelf(Forge.ec("secp256r1"))
                                        .certificate()))),
                bad(
                        "expired",
                        IdentityCode.AUTHORITY_EXPIRED,
                        d -> issuer(d, authority().to(NOW.minusSeconds(1)), "secp256r1")),
                bad(
                        "not valid yet",
                        IdentityCode.AUTHORITY_EXPIRED,
                        d -> issuer(d, authority().from(NOW.plusSeconds(60)), "secp256r1")));
    }

    private static Arguments bad(String name, IdentityCode code, Damage damage) {
        return Arguments.of(name, code, damage);
    }

    private static Forge.Draft authority() {
        return new Forge.Draft(NOW)
                .subject("CN=i")
                .authority()
                .usage(true, KeyUsage.keyCertSign)
                .to(NOW.plus(Duration.ofDays(1)));
    }

    /** Puts another issuer there, signed by its own new root. */
    private static void issuer(Path directory, Forge.Draft draft, String curve) throws Exception {
        var root = Forge.rootDraft(NOW).bySelf(Forge.ec("secp256r1"));
        var keys = Forge.ec(curve);
        write(directory, "ca-cert.pem", Pem.of(draft.by(root, keys)));
        write(directory, "ca-key.pem", Pem.of(keys.getPrivate()));
        write(directory, "root-cert.pem", Pem.of(root.certificate()));
        Files.delete(directory.resolve("cert-chain.pem"));
    }

    private static void write(Path directory, String name, String text) throws Exception {
        Files.writeString(directory.resolve(name), text);
    }

    private static void mode(Path directory, String name, String mode) throws Exception {
        Files.setPosixFilePermissions(directory.resolve(name), PosixFilePermissions.fromString(mode));
    }

    private Path directory(String name) {
        return home.resolve(name);
    }

    private CertificateAuthority open(String name) {
        return CertificateAuthority.open(
                AuthoritySettings.of(directory(name), "tulle"), new ManualTime(), new SecureRandom());
    }
}
