package io.tulle.control.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The authority's directory. It appears whole or not at all: the files are written and synced under another name, then the
 * directory is renamed into place, so that no crash leaves a key without its certificate.
 */
record AuthorityFiles(Path directory) {
    static final String CERTIFICATE = "ca-cert.pem";
    static final String KEY = "ca-key.pem";
    static final String CHAIN = "cert-chain.pem";
    static final String ROOTS = "root-cert.pem";

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    /** Whether there is nothing yet, so that a root may be made. */
    boolean areMissing() {
        if (!Files.exists(directory)) return true;
        requirePrivate(directory);
        try (var entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        } catch (IOException e) {
            throw new IdentityException(IdentityCode.AUTHORITY_UNREADABLE.problem(directory + " cannot be listed"), e);
        }
    }

    boolean has(String name) {
        return Files.exists(directory.resolve(name));
    }

    /** One file's text; the directory and the key must be closed to everybody else. */
    String read(String name) {
        var file = directory.resolve(name);
        requirePrivate(directory);
        if (!Files.exists(file)) {
            throw new IdentityException(IdentityCode.AUTHORITY_INCOMPLETE.problem("there is no " + file));
        }
        if (name.equals(KEY)) requirePrivate(file);
        try {
            if (Files.size(file) > 1 << 20) {
                throw new IdentityException(IdentityCode.AUTHORITY_UNREADABLE.problem(file + " is over 1 MiB"));
            }
            return new String(Files.readAllBytes(file), UTF_8);
        } catch (IOException e) {
            throw new IdentityException(IdentityCode.AUTHORITY_UNREADABLE.problem(file + " cannot be read"), e);
        }
    }

    /** Stores a new authority; keeps what is there when another process was first. */
    void create(Map<String, String> texts) {
        try {
            var target = directory.toAbsolutePath();
            var parent = target.getParent();
            if (parent == null) throw new FileSystemException(target.toString(), null, "is the root directory");
            Files.createDirectories(parent, mode("rwx------"));
            var fresh = Files.createTempDirectory(parent, ".authority-", mode("rwx------"));
            for (var entry : texts.entrySet()) write(fresh.resolve(entry.getKey()), entry.getValue());
            sync(fresh);
            try {
                Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                discard(fresh, texts.keySet());
                if (areMissing()) throw e; // else another process was first, and its root is the root
            }
            sync(parent);
        } catch (IOException e) {
            throw new IdentityException(
                    IdentityCode.AUTHORITY_UNWRITABLE.problem("a new root could not be stored in " + directory), e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        var options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = FileChannel.open(file, options, mode("rw-------"))) {
            var bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
            while (bytes.hasRemaining()) channel.write(bytes);
            channel.force(true);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void discard(Path fresh, Set<String> names) throws IOException {
        for (var name : names) Files.deleteIfExists(fresh.resolve(name));
        Files.deleteIfExists(fresh);
    }

    private static FileAttribute<Set<PosixFilePermission>> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    private static void requirePrivate(Path path) {
        try {
            var found = Files.getPosixFilePermissions(path);
            if (found.stream().anyMatch(OTHERS::contains)) {
                throw new IdentityException(IdentityCode.AUTHORITY_PERMISSIONS.problem(
                        path + " is open to others (" + PosixFilePermissions.toString(found) + ")"));
            }
        } catch (IOException e) {
            throw new IdentityException(IdentityCode.AUTHORITY_UNREADABLE.problem(path + " cannot be read"), e);
        }
    }
}
