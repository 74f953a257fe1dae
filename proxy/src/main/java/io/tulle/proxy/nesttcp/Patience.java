package io.tulle.proxy.nesttcp;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Ends a wait for the rest of a message. As in Nest, each byte that comes begins it anew; a pause of our own is no fault. */
final class Patience {
    private final Channel client;
    private final Duration length;
    private final Runnable lost;
    private Optional<ScheduledFuture<?>> timer = Optional.empty();

    Patience(Channel client, Duration length, Runnable lost) {
        this.client = client;
        this.length = length;
        this.lost = lost;
    }

    /** Something was read. */
    void heard(boolean midway) {
        end();
        if (midway) begin();
    }

    private void begin() {
        timer = Optional.of(client.eventLoop().schedule(this::passed, length.toNanos(), TimeUnit.NANOSECONDS));
    }

    private void passed() {
        if (client.config().isAutoRead()) lost.run();
        else begin();
    }

    void end() {
        timer.ifPresent(t -> t.cancel(false));
        timer = Optional.empty();
    }
}
