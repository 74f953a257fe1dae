package io.tulle.agent.log;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.event.Level;

/** How much Tulle logs: one level for all of this process. Libraries speak up only when something breaks. */
public final class LogLevel {
    private static volatile Level level = Level.WARN;

    private LogLevel() {}

    /** False when there is no level of that name. */
    public static boolean set(String name) {
        var found = parse(name);
        found.ifPresent(wanted -> level = wanted);
        return found.isPresent();
    }

    static boolean allows(String logger, Level asked) {
        var least = logger.startsWith("io.tulle.") ? level : Level.ERROR;
        return asked.toInt() >= least.toInt();
    }

    private static Optional<Level> parse(String name) {
        return Arrays.stream(Level.values())
                .filter(candidate -> candidate.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
    }
}
