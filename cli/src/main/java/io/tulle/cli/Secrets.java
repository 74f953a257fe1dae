package io.tulle.cli;

import io.tulle.cli.code.CliCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Secrets of the command line: read from a file where a list of processes should not show them, written 0600. */
final class Secrets {
    private Secrets() {}

    /** The text itself, or with {@code @} before it the content of the file that it names. */
    static String read(String given) {
        if (!given.startsWith("@")) return given;
        try {
            return Files.readString(Path.of(given.substring(1))).strip();
        } catch (IOException e) {
            throw new Failures.Failure(
                    Exit.USAGE,
                    List.of(CliCode.FILE_UNREADABLE.problem(
                            "cannot read " + given.substring(1), "name a readable file")));
        }
    }

    /** Replaces a file whole, by one that only its owner can read. */
    static void write(Path file, String text) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        var beside = Files.createTempFile(
                folder,
                ".tulle",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(beside, text, StandardCharsets.UTF_8);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
