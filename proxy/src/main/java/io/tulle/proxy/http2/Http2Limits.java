package io.tulle.proxy.http2;

import io.tulle.proxy.http1.Limits;

/**
 * What one connection may cost.
 *
 * @param streams how many a peer may have open (SETTINGS_MAX_CONCURRENT_STREAMS; Envoy at an edge: 100)
 * @param window how many bytes of one stream may be on their way or unconsumed (Envoy at an edge: 64 KiB). The
 *     connection's window is that of all streams together: no slow stream ever stops another, and memory stays bounded
 * @param headerBytes one decoded header list, 32 bytes a field added (RFC 7541 section 4.1); over it: 431
 * @param fields how many fields in a head, cookie crumbs joined; over it: 431
 * @param continuations how many CONTINUATION frames a head may take: 64 KiB need 4
 * @param resets how many streams may end by reset within {@link #PERIOD_NANOS} (rapid reset, CVE-2023-44487; Netty: 200
 *     in 30 s)
 * @param chatter how many frames without use (PING, SETTINGS, PRIORITY, empty DATA, surplus WINDOW_UPDATE, unknown) may
 *     come within the same, beside {@link #CHATTER_PER_FRAME} for each frame of use
 */
record Http2Limits(int streams, int window, int headerBytes, int fields, int continuations, int resets, int chatter) {
    static final long PERIOD_NANOS = 30_000_000_000L;
    /** gRPC clients ping at each DATA to measure bandwidth, and give back windows frame by frame. */
    static final int CHATTER_PER_FRAME = 10;

    /** For callers of whom nothing is known. */
    static final Http2Limits STRANGER = new Http2Limits(100, 64 * 1024, 64 * 1024, 100, 16, 200, 1_000);

    /** For the own application, peers with a proved identity and endpoints: one connection carries the calls of many. */
    static final Http2Limits KNOWN = new Http2Limits(256, 64 * 1024, 64 * 1024, 100, 16, 10_000, 10_000);

    /** For the heads of another sidecar, and of endpoints: what sidecars add themselves does not count. */
    Http2Limits behindSidecar() {
        return new Http2Limits(
                streams,
                window,
                headerBytes + Limits.ADDED_BYTES,
                fields + Limits.ADDED_FIELDS,
                continuations,
                resets,
                chatter);
    }

    /** What all streams may have unconsumed together. */
    int connectionWindow() {
        return streams * window;
    }
}
