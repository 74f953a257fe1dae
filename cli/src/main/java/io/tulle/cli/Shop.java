package io.tulle.cli;

import io.tulle.cli.code.CliCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The demo's shop as npm makes it, installed and built where its lock file or its sources are newer than what is there.
 *
 * @param said told of each step, which can take a minute
 */
record Shop(Path folder, Consumer<String> said) {
    void make() throws IOException, InterruptedException {
        if (isDue(in("node_modules/.package-lock.json"), in("package-lock.json"))) {
            step("installing the shop's dependencies", "npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit");
        }
        if (isDue(in("dist"), in("src"), in("tsconfig.json"), in("package-lock.json"))) {
            step("building the shop", "npm", "run", "build");
        }
    }

    /** Whether something is missing, or older than what it is made from; folders count as their newest file. */
    static boolean isDue(Path made, Path... sources) throws IOException {
        var there = newest(made);
        if (there.isEmpty()) return true;
        for (var source : sources) {
            if (newest(source).filter(time -> time.compareTo(there.get()) > 0).isPresent()) return true;
        }
        return false;
    }

    private static Optional<FileTime> newest(Path path) throws IOException {
        if (!Files.exists(path)) return Optional.empty();
        try (var walk = Files.walk(path)) {
            return walk.filter(Files::isRegularFile).map(Shop::time).max(Comparator.naturalOrder());
        }
    }

    private static FileTime time(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path in(String name) {
        return folder.resolve(name);
    }

    private void step(String what, String... words) throws IOException, InterruptedException {
        said.accept(what);
        var log = Files.createTempFile("tulle-demo", ".log");
        Process process;
        try {
            process = new ProcessBuilder(words)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw failure(
                    CliCode.NO_NPM,
                    "'" + words[0] + "' cannot be started: " + e.getMessage(),
                    "install Node 20 or newer with npm");
        }
        if (process.waitFor() != 0) {
            throw failure(
                    CliCode.SHOP_UNPREPARED,
                    what + " failed; " + log + " says why",
                    "run " + String.join(" ", words) + " in " + folder);
        }
        Files.delete(log);
    }

    private static Failures.Failure failure(CliCode code, String message, String fix) {
        return new Failures.Failure(Exit.FINDINGS, List.of(code.problem(message, fix)));
    }
}
