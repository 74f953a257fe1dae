package io.tulle.proxy.message;

import io.netty.buffer.ByteBuf;

/**
 * One stream on a connection towards an endpoint: where the request goes. The mirror of {@link Caller}, with the same
 * rules; {@link FromUpstream} hears the answer.
 */
public interface Upstream {
    /**
     * @param last whether there is neither body nor trailers
     */
    void head(RequestHead head, boolean last);

    /** Takes ownership of the chunk. */
    void body(ByteBuf chunk);

    void end(Headers trailers);

    void flush();

    boolean isWritable();

    void pause();

    void resume();

    /** The answer is not wanted any more. Nothing is heard afterwards. */
    void cancel();
}
