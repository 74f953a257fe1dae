package io.tulle.launch.ports;

import java.time.Duration;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks again and again which of some ports are listened on, and tells each change. */
public final class PortWatch {
    /** A port that closes is to be withdrawn within 200 ms, of which the mesh needs some. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private static final Logger LOG = LoggerFactory.getLogger(PortWatch.class);

    private final SortedSet<Integer> wanted;
    private final Supplier<Listening> look;
    private final Consumer<SortedSet<Integer>> changed;
    private SortedSet<Integer> open = Collections.emptySortedSet(); // the executor's

    private PortWatch(SortedSet<Integer> wanted, Supplier<Listening> look, Consumer<SortedSet<Integer>> changed) {
        this.wanted = wanted;
        this.look = look;
        this.changed = changed;
    }

    /**
     * Begins to look; at first no port counts as open.
     *
     * @param look reads the tables of the application's network
     * @param executor of platform threads; its end is the watch's
     * @param changed told which of the ports are open, on the executor
     */
    public static void start(
            SortedSet<Integer> wanted,
            Supplier<Listening> look,
            ScheduledExecutorService executor,
            Consumer<SortedSet<Integer>> changed) {
        var watch = new PortWatch(new TreeSet<>(wanted), look, changed);
        executor.scheduleWithFixedDelay(watch::again, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void again() {
        try {
            look();
        } catch (Throwable e) { // the executor's repetition ends at the first throw, and the port would stay as it is
            LOG.error("the listening ports could not be read; they are read again", e);
        }
    }

    private void look() {
        var now = look.get().reached();
        now.retainAll(wanted);
        if (now.equals(open)) return;
        changed.accept(now);
        open = now;
    }
}
