package io.tulle.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Upstream;
import java.util.ArrayList;
import java.util.List;

/**
 * What has come of a request's body, kept while it waits for a stream and as long as another attempt may need it. Past
 * its limit it keeps nothing more, and the request goes only once. Owns the buffers it keeps.
 */
final class RequestBody {
    /** What keeping a chunk costs beside its bytes: a body in crumbs must not take a hundred times its size. */
    private static final int CHUNK = 128;

    private final int limit;
    private final Holdings holdings;
    private List<ByteBuf> kept = List.of(); // most requests have no body
    private Headers trailers = Headers.empty();
    private long received;
    private int keptBytes;
    private boolean whole;
    private boolean forgotten;

    /**
     * @param limit how many bytes are kept for another attempt
     */
    RequestBody(int limit, boolean whole, Holdings holdings) {
        this.holdings = holdings;
        this.limit = limit;
        this.whole = whole;
    }

    /** Keeps a chunk that has no stream yet. Takes ownership. */
    void hold(ByteBuf chunk) {
        received += chunk.readableBytes();
        keep(chunk);
    }

    /** Notes a chunk that goes on at once, and keeps a view of it for another attempt. Ownership stays with the caller. */
    void pass(ByteBuf chunk) {
        received += chunk.readableBytes();
        if (forgotten) return;
        if (keptBytes + cost(chunk) > limit || holdings.isTight()) forget();
        else keep(chunk.retainedDuplicate());
    }

    private void keep(ByteBuf chunk) {
        if (kept.isEmpty()) kept = new ArrayList<>(2);
        keptBytes += cost(chunk);
        holdings.add(cost(chunk));
        kept.add(chunk);
    }

    private static int cost(ByteBuf chunk) {
        return chunk.readableBytes() + CHUNK;
    }

    void end(Headers last) {
        whole = true;
        trailers = last;
    }

    /** Sends all that was kept. */
    void replay(Upstream upstream) {
        for (int i = 0; i < kept.size(); i++) upstream.body(kept.get(i).retainedDuplicate());
        if (whole) upstream.end(trailers);
        if (isOverLimit()) forget();
    }

    /** Lets a copy have what came so far. */
    void showTo(Copy copy) {
        kept.forEach(copy::body);
        if (whole) copy.end(trailers);
    }

    /** No other attempt will be made, or none can be. */
    void forget() {
        forgotten = true;
        kept.forEach(ByteBuf::release);
        kept = List.of();
        holdings.add(-keptBytes);
        keptBytes = 0;
    }

    boolean isReplayable() {
        return !forgotten;
    }

    boolean isOverLimit() {
        return keptBytes > limit;
    }

    boolean isWhole() {
        return whole;
    }

    /** Whether the request is nothing but its head. */
    boolean isEmpty() {
        return whole && received == 0 && trailers.isEmpty();
    }

    long received() {
        return received;
    }
}
