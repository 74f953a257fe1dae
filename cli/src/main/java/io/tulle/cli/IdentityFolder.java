package io.tulle.cli;

import io.tulle.proxy.identity.FileIdentity;
import io.tulle.proxy.tls.Identity;
import io.tulle.proxy.tls.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A workload's identity as three files, with the names that Istio gives them: {@code tulle cert} writes them, {@code tulle
 * proxy --identity} reads them.
 */
record IdentityFolder(Path path) {
    /** The leaf first, then what leads to the root. */
    Path chain() {
        return path.resolve("cert-chain.pem");
    }

    Path key() {
        return path.resolve("key.pem");
    }

    Path roots() {
        return path.resolve("root-cert.pem");
    }

    FileIdentity read() throws IOException {
        return FileIdentity.of(chain(), key(), roots());
    }

    /** For the owner alone (0600), in place of files that were there. */
    void write(Identity identity) throws IOException {
        Files.createDirectories(path);
        put(key(), Pem.of(identity.key()));
        put(chain(), Pem.of(identity.chain()));
        put(
                roots(),
                Pem.of(identity.trust().roots().values().stream()
                        .flatMap(List::stream)
                        .toList()));
    }

    private static void put(Path file, String content) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, content);
    }
}
