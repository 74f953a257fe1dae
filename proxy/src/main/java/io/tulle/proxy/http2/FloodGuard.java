package io.tulle.proxy.http2;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.concurrent.Ticker;

/** Counts what costs us more than the peer, and says when it is too much (CVE-2023-44487, CVE-2019-9511 to 9518). */
final class FloodGuard {
    private final Http2Limits limits;
    private final Ticker ticker;
    private long since;
    private long useful;
    private long chatter;
    private long resets;

    FloodGuard(Http2Limits limits, Ticker ticker) {
        this.limits = limits;
        this.ticker = ticker;
        this.since = ticker.nanoTime();
    }

    /** A frame that carries a request or an answer, either way. */
    void useful() {
        useful++;
    }

    /** A frame of a few bytes that we had to send because a window opened by no more; told with the peer's next frame of no use. */
    void crumb() {
        chatter++;
    }

    void chatter(String what) {
        chatter++;
        if (chatter <= limits.chatter() + useful * Http2Limits.CHATTER_PER_FRAME || beginsAnew()) return;
        throw ProtocolError.ofConnection(Http2Error.ENHANCE_YOUR_CALM, "too many frames of no use, the last: " + what);
    }

    /** A stream ended early by the peer's doing: its own reset, or an error that it provoked (CVE-2025-8671). */
    void reset() {
        resets++;
        if (resets <= limits.resets() || beginsAnew()) return;
        throw ProtocolError.ofConnection(Http2Error.ENHANCE_YOUR_CALM, "too many streams reset");
    }

    private boolean beginsAnew() {
        var now = ticker.nanoTime();
        if (now - since < Http2Limits.PERIOD_NANOS) return false;
        since = now;
        useful = 0;
        chatter = 0;
        resets = 0;
        return true;
    }
}
