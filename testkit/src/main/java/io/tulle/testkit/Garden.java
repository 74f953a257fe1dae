package io.tulle.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An npm project, installed by its own lock file, its scripts run as a person runs them. */
public record Garden(Path folder) {
    /** @param path below the checkout's root, {@code examples/shop} */
    public static Garden of(String path) {
        return new Garden(Path.of(System.getProperty("tulle.root", "."), path)
                .toAbsolutePath()
                .normalize());
    }

    /** Does nothing where what is installed is as new as the lock file. */
    public void install(String... options) throws IOException, InterruptedException {
        var installed = folder.resolve("node_modules/.package-lock.json");
        var wanted = Files.getLastModifiedTime(folder.resolve("package-lock.json"));
        if (Files.exists(installed) && Files.getLastModifiedTime(installed).compareTo(wanted) >= 0) return;
        var words = new ArrayList<>(List.of("ci", "--ignore-scripts", "--no-fund", "--no-audit"));
        words.addAll(Arrays.asList(options));
        npm(words.toArray(String[]::new));
    }

    /**
     * Runs npm to its end.
     *
     * @return what it said
     * @throws IOException when it fails, with what it said
     */
    public String npm(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("npm"));
        command.addAll(Arrays.asList(words));
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed in " + folder + ":\n" + said);
        }
        return said;
    }
}
