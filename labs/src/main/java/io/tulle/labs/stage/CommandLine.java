package io.tulle.labs.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tulle's own command line, as a person would use it on the stage's mesh. */
public final class CommandLine {
    private final List<String> launcher;
    private final Map<String, String> environment;
    private final Path home;
    private int files;

    CommandLine(List<String> launcher, Map<String, String> environment, Path home) {
        this.launcher = List.copyOf(launcher);
        this.environment = Map.copyOf(environment);
        this.home = home;
    }

    /** What a command printed, both streams together. */
    public record Said(int exit, String text) {}

    /** Runs a verb to its end. */
    public Said run(String... words) {
        var all = new ArrayList<>(launcher);
        all.addAll(List.of(words));
        var builder = new ProcessBuilder(all).redirectErrorStream(true).directory(home.toFile());
        builder.environment().putAll(environment);
        try {
            var process = builder.start();
            process.getOutputStream().close();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Said(process.waitFor(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unmet("tulle " + String.join(" ", words) + " was given up");
        }
    }

    /**
     * {@code tulle apply --wait} of some YAML; it must succeed at every proxy.
     *
     * @return the file, to be deleted again
     */
    Path apply(String yaml) {
        try {
            var file = Files.writeString(home.resolve("policy-" + ++files + ".yaml"), yaml);
            var said = run("apply", "-n", "shop", "--wait", "-f", file.toString());
            Unmet.unless(said.exit() == 0, "tulle apply ended with " + said.exit() + ": " + said.text());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete(Path file) {
        var said = run("delete", "-n", "shop", "-f", file.toString());
        Unmet.unless(said.exit() == 0, "tulle delete ended with " + said.exit() + ": " + said.text());
    }
}
