package io.tulle.launch.health;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** One thread of events, now and later. Everything that a session owns happens on it. */
public interface Timer extends Executor {
    /** Runs the work once the delay has passed, unless the answer is run before. */
    Runnable after(Duration delay, Runnable work);

    /** @param one with a single thread; what comes after its end is dropped */
    static Timer on(ScheduledExecutorService one) {
        return new Timer() {
            @Override
            public void execute(Runnable work) {
                try {
                    one.execute(work);
                } catch (RejectedExecutionException _) {
                    // the session is over: nobody is left to be told
                }
            }

            @Override
            public Runnable after(Duration delay, Runnable work) {
                try {
                    var scheduled = one.schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS);
                    return () -> scheduled.cancel(false);
                } catch (RejectedExecutionException _) {
                    return () -> {};
                }
            }
        };
    }
}
