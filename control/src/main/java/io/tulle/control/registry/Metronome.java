package io.tulle.control.registry;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs a task again and again; tests beat by hand. */
@FunctionalInterface
public interface Metronome {
    /** A running beat; closing it ends it. */
    interface Beating extends AutoCloseable {
        @Override
        void close();
    }

    Beating every(Duration period, Runnable task);

    static Metronome of(ScheduledExecutorService scheduler) {
        return (period, task) -> {
            var beat = scheduler.scheduleWithFixedDelay(task, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
            return () -> beat.cancel(false);
        };
    }
}
