package io.tulle.xds.server;

import io.netty.channel.ChannelPipeline;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections each door of a server may hold. The Unix socket has a budget of its own, so that strangers at the
 * address, however many, never lock its owner out. Whoever takes no bytes for 30 s is cut off: what waits for it is memory.
 */
public final class ConnectionBudget {
    private static final int AT_SOCKET = 1_000;
    private static final long PATIENCE_SECONDS = 30;

    private final int atAddress;
    private final AtomicInteger ofAddress = new AtomicInteger();
    private final AtomicInteger ofSocket = new AtomicInteger();

    /** @param atAddress how many may come in by the address */
    public ConnectionBudget(int atAddress) {
        this.atAddress = atAddress;
    }

    /** How many there can be at both doors. */
    public int sum() {
        return atAddress + AT_SOCKET;
    }

    /** Counts a new connection in, and closes it where it is one too many. */
    public void admit(ChannelPipeline pipeline) {
        var channel = pipeline.channel();
        var local = channel instanceof DomainSocketChannel;
        var count = local ? ofSocket : ofAddress;
        channel.closeFuture().addListener(_ -> count.decrementAndGet());
        if (count.incrementAndGet() > (local ? AT_SOCKET : atAddress)) {
            channel.close();
            return;
        }
        pipeline.addFirst(new WriteTimeoutHandler(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
}
