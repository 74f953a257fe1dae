package io.tulle.launch.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;

/** A folder for the files of one run (sockets, keys, the hook's settings): 0700, gone with the run. */
public record RunDirectory(Path path) implements AutoCloseable {

    /**
     * Makes the folder, empty. One that a dead run left behind is emptied.
     *
     * @throws UncheckedIOException when it cannot be made
     */
    public static RunDirectory create(Path path) {
        try {
            delete(path);
            Files.createDirectories(path.toAbsolutePath().getParent(), privately());
            Files.createDirectory(path, privately());
            return new RunDirectory(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a file that only the owner can read. */
    public Path write(String name, String content) {
        try {
            var file = path.resolve(name);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        clear(path);
    }

    /** Removes what a run left there, if anything. */
    public static void clear(Path path) {
        try {
            delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileAttribute<?> privately() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) return;
        try (var walk = Files.walk(path)) {
            for (var file : walk.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
