package io.tulle.proxy.nesttcp;

import io.netty.channel.Channel;
import io.tulle.proxy.exchange.Holdings;

/**
 * What the ends of one client's connections have not taken yet. An end whose writes are backed up is read on for a while: its
 * peer may be one that reads nothing before it has written all (Nest itself reads without bound), and two ends that both
 * stopped would wait for each other for good. What that takes is bounded for each connection, and counted for all together.
 */
final class Backlog implements Holdings.Holder {
    /** Of one connection: four times what direct Nest is known to carry at once in a few large calls. */
    static final long MOST = 16L * 1024 * 1024;

    private final Holdings holdings;
    private final Runnable shed;
    private long bytes;

    /**
     * @param shed ends the client's connection
     */
    Backlog(Holdings holdings, Runnable shed) {
        this.holdings = holdings;
        this.shed = shed;
    }

    /** What waits to be written. */
    static long of(Channel channel) {
        return channel.bytesBeforeWritable();
    }

    /** Whether the other direction may go on writing to it. */
    boolean takes(Channel channel) {
        return channel.isWritable() || (of(channel) < MOST && !holdings.isTight());
    }

    /** So much waits now, in all. */
    void is(long now) {
        if (now == bytes) return;
        if (bytes == 0) holdings.join(this);
        var more = now - bytes;
        bytes = now;
        if (bytes == 0) holdings.leave(this);
        holdings.add(more);
    }

    @Override
    public long heldBytes() {
        return bytes;
    }

    @Override
    public void shedLargest() {
        shed.run();
    }
}
