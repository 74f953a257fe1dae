package io.tulle.launch.process;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Tells a person's second Ctrl-C, which ends everything at once, from one signal that arrives twice: timeout(1), npm and some
 * shells send it to a process and to that process's group as well. From any thread.
 */
public final class Presses {
    /** A person who means it presses again after seeing that something still runs. */
    private static final Duration TOGETHER = Duration.ofSeconds(1);

    private final InstantSource clock;
    private Optional<Instant> first = Optional.empty();

    public Presses(InstantSource clock) {
        this.clock = clock;
    }

    /** What one signal means. */
    public enum Press {
        FIRST,
        /** The first once more. */
        SAME,
        AGAIN
    }

    /** The key itself was pressed, which nobody repeats. */
    public synchronized Press key() {
        var press = first.isEmpty() ? Press.FIRST : Press.AGAIN;
        press();
        return press;
    }

    /** A signal has arrived. */
    public synchronized Press press() {
        var now = clock.instant();
        if (first.isEmpty()) {
            first = Optional.of(now);
            return Press.FIRST;
        }
        var since = Duration.between(first.get(), now);
        return since.isNegative() || since.compareTo(TOGETHER) >= 0
                ? Press.AGAIN
                : Press.SAME; // a clock may be set back
    }
}
