package io.tulle.control.identity;

import io.tulle.control.identity.Forge.Signer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bouncycastle.asn1.x509.KeyUsage;

/** An operator's own authority: an RSA root elsewhere, and an intermediate that Tulle is given. */
record Operator(Signer root, Signer issuer, Map<String, String> files) {

    static Operator of(Instant now) {
        var root = Forge.rootDraft(now).to(now.plus(Duration.ofDays(900))).bySelf(Forge.rsa(2048, 65537));
        var keys = Forge.ec("secp384r1");
        var certificate = new Forge.Draft(now)
                .subject("CN=an operator's intermediate")
                .authority()
                .usage(true, KeyUsage.keyCertSign)
                .names(false, Forge.uri("spiffe://tulle"))
                .to(now.plus(Duration.ofDays(90)))
                .by(root, keys);
        var files = new LinkedHashMap<String, String>();
        files.put("ca-cert.pem", Pem.of(certificate));
        files.put("ca-key.pem", Pem.of(keys.getPrivate()));
        files.put("cert-chain.pem", Pem.of(certificate) + Pem.of(root.certificate()));
        files.put("root-cert.pem", Pem.of(root.certificate()));
        return new Operator(root, new Signer(certificate, keys), files);
    }

    void writeTo(Path directory) throws Exception {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        for (var file : files.entrySet()) {
            var path = Files.writeString(directory.resolve(file.getKey()), file.getValue());
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        }
    }
}
