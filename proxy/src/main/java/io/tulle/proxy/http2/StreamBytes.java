package io.tulle.proxy.http2;

import io.netty.util.collection.IntObjectMap;
import io.tulle.proxy.exchange.Holdings;
import java.util.Comparator;

/** What the streams of one connection hold together, as the budget of their event loop counts it. */
final class StreamBytes implements Holdings.Holder {
    private final Holdings holdings;
    private final IntObjectMap<Stream> streams;
    private long held;

    StreamBytes(Holdings holdings, IntObjectMap<Stream> streams) {
        this.holdings = holdings;
        this.streams = streams;
    }

    /** So many more, or fewer. */
    void add(long more) {
        if (held == 0) holdings.join(this);
        held += more;
        if (held == 0) holdings.leave(this);
        holdings.add(more);
    }

    boolean isTight() {
        return holdings.isTight();
    }

    @Override
    public long heldBytes() {
        return held;
    }

    @Override
    public void shedLargest() {
        streams.values().stream()
                .max(Comparator.comparingLong(Stream::heldBytes))
                .ifPresent(Stream::shed);
    }
}
