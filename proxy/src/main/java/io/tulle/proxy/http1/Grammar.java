package io.tulle.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.tulle.proxy.message.Headers;

/** What makes a request a request and a response a response; {@link MessageReader} does what is common to both. */
interface Grammar {
    /**
     * @return false when the line is to be passed over
     */
    boolean startLine(Lines line);

    /** The head is whole: judges it, tells it on, and says how the body ends. */
    Framing head(Headers fields);

    /** Whether this head was an interim one, and another start line follows. */
    boolean isInterim();

    /** Hands over ownership. */
    void body(ByteBuf chunk);

    /** The message is whole. */
    void end(Headers trailers);
}
