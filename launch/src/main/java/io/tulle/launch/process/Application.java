package io.tulle.launch.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A running application. It has a process group of its own, so that Ctrl-C in the terminal reaches the launcher first, who
 * drains before it tells the application; its output goes where the launcher's goes.
 */
public final class Application implements AutoCloseable {
    private static final Duration USUAL_GRACE = Duration.ofSeconds(10);
    /** Files for the guardian: the group's number; that the group has been told to end; that the launcher is done with it. */
    private static final String GROUP = "application.pid";

    private static final String TOLD = "told";
    private static final String DONE = "done";
    private static final Set<String> ENDING = Set.of("TERM", "INT", "HUP");

    private final Process guardian;
    private final RandomAccessFile life;
    private final RunDirectory directory;

    private Application(Process guardian, RandomAccessFile life, RunDirectory directory) {
        this.guardian = guardian;
        this.life = life;
        this.directory = directory;
    }

    /**
     * What to start.
     *
     * @param environment set on top of the launcher's own
     * @param grace how long the group has to end, once it is told, where the launcher is not there to say
     */
    public record Command(List<String> words, Path workingDirectory, Map<String, String> environment, Duration grace) {
        public Command {
            words = List.copyOf(words);
            environment = Map.copyOf(environment);
        }

        public Command(List<String> words, Path workingDirectory, Map<String, String> environment) {
            this(words, workingDirectory, environment, USUAL_GRACE);
        }
    }

    /**
     * Starts it under its guardian.
     *
     * @param console where its output goes
     * @throws UncheckedIOException when the guardian cannot be started; a command that does not exist ends with 127
     */
    public static Application start(Command command, RunDirectory directory, Console console) {
        try {
            var script = directory.write("guardian.sh", guardian());
            var fifo = directory.place("life");
            directory.place(GROUP);
            directory.place(TOLD);
            run("mkfifo", "-m", "600", fifo.toString());
            // Open for reading too, so that opening does not wait for the guardian.
            var life = new RandomAccessFile(fifo.toFile(), "rw");
            var words = new ArrayList<String>(List.of(
                    "bash",
                    script.toString(),
                    fifo.toString(),
                    directory.path().toString(),
                    console.terminal(),
                    Long.toString(Math.max(1, command.grace().toSeconds())),
                    "--"));
            words.addAll(command.words());
            var builder = new ProcessBuilder(words)
                    .directory(command.workingDirectory().toFile());
            builder.environment().putAll(command.environment());
            console.applyTo(builder);
            var process = builder.start();
            if (console instanceof Console.Piped) process.getOutputStream().close();
            return new Application(process, life, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the application's streams lead. */
    public sealed interface Console {
        /** To the launcher's own. */
        Console INHERITED = new Inherited();
        /** Output to the launcher's, no input: for a launcher in the background of its terminal. */
        Console OUTPUT_ONLY = new OutputOnly();
        /** To pipes that the caller reads, as `up` does to put names before lines. */
        Console PIPED = new Piped();

        record Inherited() implements Console {}

        record OutputOnly() implements Console {}

        record Piped() implements Console {}

        /**
         * A session of its own on this terminal; streams of the launcher that lead elsewhere than to a terminal stay.
         *
         * @param device such as {@code /dev/pts/7}
         */
        record Terminal(Path device) implements Console {}

        private void applyTo(ProcessBuilder builder) {
            switch (this) {
                case Inherited() -> builder.inheritIO();
                case OutputOnly(), Terminal(var _) ->
                    builder.inheritIO()
                            .redirectInput(ProcessBuilder.Redirect.from(
                                    Path.of("/dev/null").toFile()));
                case Piped() -> builder.redirectErrorStream(true);
            }
        }

        /** What the guardian is told: the device, or nothing. */
        private String terminal() {
            return this instanceof Terminal(var device) ? device.toString() : "";
        }
    }

    /** The exit code, once it has ended: its own, or 128 + n when signal n ended it. */
    public CompletableFuture<Integer> exit() {
        return guardian.onExit().thenApply(Process::exitValue);
    }

    /** The number of its process group; empty until it is started, and once its folder is gone. */
    public Optional<Long> group() {
        try {
            var number = Files.readString(directory.path().resolve(GROUP), StandardCharsets.US_ASCII);
            return Optional.of(Long.parseLong(number.strip()));
        } catch (IOException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    /** Its output, where the console is piped. */
    public Process process() {
        return guardian;
    }

    /** Sends a signal ({@code TERM}, {@code INT}, …) to the whole group. */
    public void signal(String name) {
        try {
            var group = Files.readString(directory.path().resolve(GROUP), StandardCharsets.US_ASCII)
                    .strip();
            // Its guardian does not tell it again when its leader has ended: a second TERM often means at once.
            if (ENDING.contains(name)) Files.write(directory.path().resolve(TOLD), new byte[0]);
            run("/bin/kill", "-s", name, "--", "-" + group);
        } catch (IOException _) {
            guardian.destroy(); // not started yet: the guardian passes this on; gone already: nobody is told
        }
    }

    /** Tells it to end, and ends it when it has not after the time given. */
    public int stop(Duration patience) {
        return stop("TERM", patience);
    }

    /** Tells it to end by the signal given, and ends it when it has not after the time given. */
    public int stop(String signal, Duration patience) {
        signal(signal);
        try {
            if (!guardian.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                signal("KILL");
                guardian.waitFor();
            }
        } catch (InterruptedException _) {
            signal("KILL");
            Thread.currentThread().interrupt();
        }
        return guardian.isAlive() ? 137 : guardian.exitValue();
    }

    /**
     * Lets go of the life line; the guardian ends whatever is still there, within a second. Once this returns, nobody else
     * writes to the run's folder or removes it.
     */
    @Override
    public void close() {
        try {
            // Without a word it would be this process's death, after which the application has all of its grace.
            if (Files.isDirectory(directory.path())) Files.write(directory.place(DONE), new byte[0]);
            life.close();
            guardian.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(String... words) throws IOException {
        var process = new ProcessBuilder(words).redirectErrorStream(true).start();
        try {
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) throw new IOException(words[0] + ": " + said.strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static String guardian() throws IOException {
        try (var in = Application.class.getResourceAsStream("/io/tulle/launch/guardian.sh")) {
            if (in == null) throw new IOException("guardian.sh is missing from the jar");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
