package io.tulle.launch.process;

import io.tulle.launch.ports.ProcessGroup;
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
    /** Its last words may be held up by something that it left behind and that has its output open. */
    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    private static final String SCRIPT = "guardian.sh";
    private static final String LIFE = "life";

    /** Files for the guardian: the group's number; that the group has been told to end; that the launcher is done with it. */
    private static final String GROUP = "application.pid";

    /** What the guardian has a shell run when the launcher was killed; made by whoever wants that, before the start. */
    public static final String KILLED = "killed";

    private static final String TOLD = "told";
    private static final String DONE = "done";
    private static final Set<String> ENDING = Set.of("TERM", "INT", "HUP");

    private final Process guardian;
    private final RandomAccessFile life;
    private final RunDirectory directory;
    private final CompletableFuture<Void> printed;

    private Application(
            Process guardian, RandomAccessFile life, RunDirectory directory, CompletableFuture<Void> printed) {
        this.guardian = guardian;
        this.life = life;
        this.directory = directory;
        this.printed = printed;
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
            var script = Files.exists(directory.place(SCRIPT))
                    ? directory.path().resolve(SCRIPT)
                    : directory.write(SCRIPT, guardian());
            var fifo = fresh(directory, LIFE);
            fresh(directory, GROUP);
            fresh(directory, TOLD);
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
                    console.keptIn(),
                    "--"));
            words.addAll(command.words());
            var builder = new ProcessBuilder(words)
                    .directory(command.workingDirectory().toFile());
            builder.environment().putAll(command.environment());
            console.applyTo(builder);
            var process = builder.start();
            if (console instanceof Console.Piped) process.getOutputStream().close();
            return new Application(process, life, directory, console.follow(process));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The exit code, once it has ended and said its last words: its own, or 128 + n when signal n ended it. */
    public CompletableFuture<Integer> exit() {
        return guardian.onExit()
                .thenCompose(ended -> printed.copy()
                        .completeOnTimeout(null, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
                        .handle((_, _) -> ended.exitValue()));
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

    /** Passes on to the whole group a signal that does not ask it to end; where nobody is there, nobody is told. */
    public void pass(String name) {
        try {
            var there = group();
            if (there.isPresent()) run("/bin/kill", "-s", name, "--", "-" + there.get());
        } catch (IOException _) {
            // it has just ended
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

    /**
     * Lets go of an application that has ended, while its folder stays for the next one. Its guardian ends with it; if that was
     * killed, what it guarded goes too.
     */
    public void release() {
        try {
            if (group().map(ProcessGroup::new).filter(ProcessGroup::isThere).isPresent()) signal("KILL");
            life.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of an earlier life nothing is left in it. */
    private static Path fresh(RunDirectory directory, String name) throws IOException {
        var file = directory.place(name);
        Files.deleteIfExists(file);
        return file;
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
