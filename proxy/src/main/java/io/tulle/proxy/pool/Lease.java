package io.tulle.proxy.pool;

import io.tulle.proxy.message.Reset;

/** Somebody who waits for a connection; exactly one of the two is called, on the event loop, perhaps at once. */
public interface Lease {
    /** Open a stream on it now: it has room at this moment only. */
    void ready(UpstreamConnection connection);

    void failed(Reset why);

    /** Whether nobody waits any more; then neither is called. */
    boolean isOver();
}
