package io.tulle.proxy.pool;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection that idles too long. One timer runs at a time and is not touched at each use: when it fires it
 * looks since when the connection idles, and waits for the rest.
 */
final class IdleTimer {
    private final EventLoop loop;
    private final Ticker ticker;
    private final UpstreamConnection connection;
    private final long timeoutNanos;
    private final OptionalInt mostStreams;
    private Optional<ScheduledFuture<?>> timer = Optional.empty();
    private long streams;
    private long idleSince;

    IdleTimer(EventLoop loop, Ticker ticker, UpstreamConnection connection, Duration timeout, OptionalInt mostStreams) {
        this.loop = loop;
        this.ticker = ticker;
        this.connection = connection;
        this.timeoutNanos = timeout.toNanos();
        this.mostStreams = mostStreams;
    }

    void used() {
        streams++;
    }

    /** Whether it has carried as many streams as it may. */
    boolean isWornOut() {
        return mostStreams.isPresent() && streams >= mostStreams.getAsInt();
    }

    void idle() {
        if (timeoutNanos == 0) return;
        idleSince = ticker.nanoTime();
        if (timer.isEmpty()) lookAfter(timeoutNanos);
    }

    private void lookAfter(long inNanos) {
        timer = Optional.of(loop.schedule((Runnable) this::look, inNanos, TimeUnit.NANOSECONDS));
    }

    private void look() {
        timer = Optional.empty();
        if (!connection.isIdle()) return; // it calls idle() again when it is
        var left = timeoutNanos - (ticker.nanoTime() - idleSince);
        if (left <= 0) connection.close();
        else lookAfter(left);
    }

    void stop() {
        timer.ifPresent(t -> t.cancel(false));
        timer = Optional.empty();
    }
}
