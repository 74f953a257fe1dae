package io.tulle.proxy.flight;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** What the flights of one event loop share: its time and its chance. Touched on that loop only. */
public record Tower(EventLoop loop, Ticker ticker, RandomGenerator random) {
    /** For durations, in nanoseconds: only differences mean anything. */
    public long now() {
        return ticker.nanoTime();
    }

    ScheduledFuture<?> after(long nanos, Runnable what) {
        return loop.schedule(what, Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }
}
