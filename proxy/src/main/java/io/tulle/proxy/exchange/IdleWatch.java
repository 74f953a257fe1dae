package io.tulle.proxy.exchange;

import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Ends an exchange in which no byte passes for too long. Each byte only notes the time; one timer looks at it. */
final class IdleWatch {
    private final Exchanges exchanges;
    private final long limitNanos;
    private final Runnable idle;
    private long last;
    private Optional<ScheduledFuture<?>> timer = Optional.empty();

    /**
     * @param limit zero for none
     */
    IdleWatch(Exchanges exchanges, Duration limit, Runnable idle) {
        this.exchanges = exchanges;
        this.limitNanos = limit.toNanos();
        this.idle = idle;
    }

    void begin() {
        if (limitNanos == 0) return;
        last = exchanges.now();
        lookAfter(limitNanos);
    }

    void touch() {
        if (limitNanos != 0) last = exchanges.now();
    }

    void end() {
        timer.ifPresent(t -> t.cancel(false));
    }

    private void lookAfter(long nanos) {
        timer = Optional.of(exchanges.loop().schedule((Runnable) this::look, nanos, TimeUnit.NANOSECONDS));
    }

    private void look() {
        var left = limitNanos - (exchanges.now() - last);
        if (left <= 0) idle.run();
        else lookAfter(left);
    }
}
