package io.tulle.xds.client;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When to try again: doubling from 100 ms to 2 s, of which a random half to whole, so that no herd comes at once. An attempt
 * that throws is one that failed: it is tried again like any other, or a moment without memory would cut a sidecar off for
 * good.
 */
final class Reconnect {
    private static final Logger LOG = LoggerFactory.getLogger(Reconnect.class);

    private static final long FIRST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 2_000;

    private final ScheduledExecutorService scheduler;
    private final RandomGenerator random;
    private int failures;

    Reconnect(ScheduledExecutorService scheduler, RandomGenerator random) {
        this.scheduler = scheduler;
        this.random = random;
    }

    void worked() {
        failures = 0;
    }

    /** Runs the attempt on the scheduler, as soon as it can. */
    void now(Runnable attempt) {
        scheduler.execute(() -> run(attempt));
    }

    private void run(Runnable attempt) {
        try {
            attempt.run();
        } catch (Throwable e) {
            LOG.error("an attempt to reach the control plane failed; it is tried again", e);
            later(attempt);
        }
    }

    void later(Runnable attempt) {
        var longest = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures++, 10));
        var delay = random.nextLong(longest / 2, longest + 1);
        try {
            scheduler.schedule(() -> run(attempt), delay, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) { // the sidecar is closing
        }
    }
}
