package io.tulle.proxy.message;

import io.netty.buffer.ByteBuf;

/** What a stream towards an endpoint tells its exchange, on the event loop. */
public interface FromUpstream {
    void interim(ResponseHead head);

    void head(ResponseHead head, boolean last);

    /** Hands over ownership of the chunk. */
    void body(ByteBuf chunk);

    void end(Headers trailers);

    void flush();

    void writable();

    /** The stream broke before its end; nothing else is heard. */
    void reset(Reset why);
}
