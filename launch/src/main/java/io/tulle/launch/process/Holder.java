package io.tulle.launch.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * The process that a run directory belongs to. A process id is used again by the kernel, so the process counts as alive only
 * while its start time is the one that was written down, too.
 *
 * @param started in the kernel's ticks since boot, as field 22 of {@code /proc/<pid>/stat}
 * @param since when it was started
 */
public record Holder(long pid, long started, Instant since) {
    static final String FILE = "holder";

    private static final int STARTED = 19; // counted from the state, which follows the process's name

    /** The process that calls. */
    static Holder self() {
        var own = ProcessHandle.current();
        return new Holder(
                own.pid(),
                startOf(own.pid()).orElse(0L),
                own.info().startInstant().orElse(Instant.EPOCH));
    }

    /** Reads a directory's file; empty where there is none that Tulle wrote. */
    static Optional<Holder> of(Path directory) {
        try {
            var words = Files.readString(directory.resolve(FILE), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ");
            if (words.length != 3) return Optional.empty();
            return Optional.of(new Holder(Long.parseLong(words[0]), Long.parseLong(words[1]), Instant.parse(words[2])));
        } catch (IOException | NumberFormatException | DateTimeParseException _) {
            return Optional.empty();
        }
    }

    String written() {
        return pid + " " + started + " " + since + "\n";
    }

    public boolean isAlive() {
        return startOf(pid).filter(start -> start == started).isPresent();
    }

    private static Optional<Long> startOf(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            // The name is in parentheses and may hold anything, parentheses included.
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return "ZX".contains(fields[0]) ? Optional.empty() : Optional.of(Long.parseLong(fields[STARTED]));
        } catch (IOException | RuntimeException _) {
            return Optional.empty(); // it is gone
        }
    }
}
