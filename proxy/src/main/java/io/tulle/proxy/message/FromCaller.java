package io.tulle.proxy.message;

import io.netty.buffer.ByteBuf;

/** What a door tells an exchange after its head, on the event loop: the request's bytes, its end, and the caller's fate. */
public interface FromCaller {
    /** Hands over ownership of the chunk. */
    void body(ByteBuf chunk);

    void end(Headers trailers);

    /** No more bytes for the moment: what was handed over should leave. */
    void flush();

    /** The caller takes bytes again. */
    void writable();

    /** The plan changed: what policies allowed at the beginning they may forbid now. */
    void judgeAgain();

    /** The caller cannot be answered any more: it hung up, reset its stream or broke the framing. */
    void gone(Reason reason);
}
