package io.tulle.launch.process;

import io.tulle.model.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * A folder for the files of one run (sockets, keys, the hook's settings): 0700, gone with the run.
 *
 * <p>The file {@code holder} says whose it is, the file {@code made} names every file that the run makes. Whoever clears the
 * folder (the run itself, its guardian, or a later run of the same name) removes the files that are named there and nothing
 * else, so that no folder of a user's can be lost by a wrong {@code --run-dir}.
 */
public record RunDirectory(Path path) implements AutoCloseable {
    private static final String MADE = "made";

    /**
     * Makes the folder. One that a dead run left behind is cleared first.
     *
     * @throws Refused when a living process holds it, or something is there that Tulle did not make
     * @throws UncheckedIOException when it cannot be made
     */
    public static RunDirectory create(Path path) {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent(), privately());
            clearAfterTheDead(path);
            var beside = path.resolveSibling(
                    "." + path.getFileName() + "." + ProcessHandle.current().pid());
            clear(beside);
            Files.createDirectory(beside, privately());
            var made = new RunDirectory(beside);
            made.write(Holder.FILE, Holder.self().written());
            take(beside, path);
            return new RunDirectory(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The living process that holds a folder, if any. */
    public static Optional<Holder> holder(Path path) {
        return Holder.of(path).filter(Holder::isAlive);
    }

    /** Where a file of this run stands that others make (a socket, a pipe): from now on it goes with the folder. */
    public Path place(String name) {
        var made = path.resolve(MADE);
        try {
            if (!Files.exists(made)) Files.createFile(made, files());
            if (!Files.readAllLines(made, StandardCharsets.UTF_8).contains(name)) {
                Files.writeString(made, name + "\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
            }
            return path.resolve(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a file that only the owner can read. */
    public Path write(String name, String content) {
        try {
            var file = place(name);
            Files.createFile(file, files());
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        release(path);
    }

    /** Clears a folder if this process holds it; another's is left alone. */
    public static void release(Path path) {
        try {
            if (Holder.of(path).filter(Holder.self()::equals).isPresent()) clear(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder cannot be had. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Problem problem;

        Refused(Problem problem) {
            super(problem.explained());
            this.problem = problem;
        }

        public Problem problem() {
            return problem;
        }
    }

    /** Of two runs that begin at once only one can move its folder to the name, since the other's is not empty. */
    private static void take(Path beside, Path path) throws IOException {
        try {
            Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            clear(beside);
            if (Files.exists(path)) throw new Refused(inUse(path));
            throw e;
        }
    }

    private static void clearAfterTheDead(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) return;
        var before = Holder.of(path);
        if (before.isEmpty()) throw new Refused(ProcessCode.NOT_OURS.problem(path + " is there and no run's folder"));
        if (before.get().isAlive()) throw new Refused(inUse(path));
        clear(path);
        if (Files.exists(path)) throw new Refused(ProcessCode.NOT_EMPTY.problem(path + " still holds " + names(path)));
    }

    private static Problem inUse(Path path) {
        var who = Holder.of(path)
                .map(holder -> "process " + holder.pid() + ", since " + holder.since())
                .orElse("another run that has just begun");
        return ProcessCode.NAME_IN_USE.problem(path.getFileName() + " is in use: " + who);
    }

    /** Removes what its manifest names, and the folder if that was all. The files that say whose it is go last. */
    private static void clear(Path path) throws IOException {
        var made = path.resolve(MADE);
        if (!Files.exists(made)) return;
        var names = Files.readAllLines(made, StandardCharsets.UTF_8);
        for (var name : names) {
            if (!name.isEmpty() && !name.contains("/") && !name.equals(Holder.FILE)) {
                Files.deleteIfExists(path.resolve(name));
            }
        }
        if (names(path).stream().allMatch(List.of(Holder.FILE, MADE)::contains)) {
            Files.deleteIfExists(path.resolve(Holder.FILE));
            Files.deleteIfExists(made);
            Files.deleteIfExists(path);
        }
    }

    private static List<String> names(Path path) throws IOException {
        try (var all = Files.list(path)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static FileAttribute<?> privately() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    }

    private static FileAttribute<?> files() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    }
}
