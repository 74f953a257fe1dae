package io.tulle.labs.stage;

import io.tulle.launch.process.Application;
import io.tulle.launch.process.Console;
import io.tulle.launch.process.RunDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A program of the stage, under a guardian that ends it when the labs die. What it prints goes to a file of its name. */
final class Program implements AutoCloseable {
    private final Application application;
    private final RunDirectory directory;
    private final Path log;
    private final Thread reader;
    private final CompletableFuture<String> said = new CompletableFuture<>();

    private Program(Application application, RunDirectory directory, Path log, String awaited) {
        this.application = application;
        this.directory = directory;
        this.log = log;
        this.reader = Thread.ofVirtual().name("output of " + log.getFileName()).start(() -> follow(awaited));
    }

    /** @param awaited what it prints when it is ready */
    static Program start(
            String name, List<String> words, Path folder, Map<String, String> environment, Path home, String awaited) {
        var directory = RunDirectory.create(home.resolve("guard-" + name));
        var application =
                Application.start(new Application.Command(words, folder, environment), directory, new Console.Piped());
        return new Program(application, directory, home.resolve(name + ".log"), awaited);
    }

    /** Waits until it has said so. */
    void await(Duration patience) throws InterruptedException {
        try {
            said.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new Unmet(
                    log.getFileName() + ": not ready after " + patience.toSeconds() + " s; it printed:\n" + tail());
        }
    }

    Path log() {
        return log;
    }

    /** Whether it runs. */
    boolean isAlive() {
        return !application.exit().isDone();
    }

    void signal(String name) {
        application.signal(name);
    }

    void awaitEnd() throws InterruptedException {
        reader.join();
    }

    @Override
    public void close() {
        application.stop(Duration.ofSeconds(40));
        application.close();
        directory.close();
    }

    private void follow(String awaited) {
        try (var out = Files.newBufferedWriter(log);
                var in = new BufferedReader(
                        new InputStreamReader(application.process().getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                out.write(line + "\n");
                out.flush();
                if (line.contains(awaited)) said.complete(line);
            }
        } catch (IOException e) {
            said.completeExceptionally(e);
        }
        said.completeExceptionally(new IOException("it ended"));
    }

    private String tail() {
        try {
            var lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 25), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
