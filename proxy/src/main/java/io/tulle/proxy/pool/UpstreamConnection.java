package io.tulle.proxy.pool;

import io.tulle.proxy.message.FromUpstream;
import io.tulle.proxy.message.Upstream;

/**
 * A connection towards an endpoint that carries streams: one at a time in HTTP/1.1, many in HTTP/2. Owned by one event
 * loop; it tells its {@link Home} when it has room again and when it is gone.
 */
public interface UpstreamConnection {
    /** Whether another stream may be opened now. */
    boolean hasRoom();

    /** Whether no stream is open. */
    boolean isIdle();

    /** Opens a stream; {@link #hasRoom} was true. */
    Upstream open(FromUpstream from);

    /** Closes it, streams and all. */
    void close();

    /** Where a connection belongs. */
    interface Home {
        /** It had no room, or was busy, and now takes a stream. */
        void roomAgain(UpstreamConnection connection);

        /** It takes no new stream any more: closed, or told to go away. Idempotent. */
        void gone(UpstreamConnection connection);
    }
}
