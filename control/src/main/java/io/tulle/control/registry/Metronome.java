package io.tulle.control.registry;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** Runs a task again and again, also after a run that failed; tests beat by hand. */
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
            // The executor's own repetition ends at the first throw, without a word.
            Runnable lasting = () -> {
                try {
                    task.run();
                } catch (Throwable e) {
                    LoggerFactory.getLogger(Metronome.class).error("a regular task failed; it is run again", e);
                }
            };
            var beat =
                    scheduler.scheduleWithFixedDelay(lasting, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
            return () -> beat.cancel(false);
        };
    }
}
