package io.tulle.proxy.message;

import io.netty.buffer.ByteBuf;

/**
 * The caller's side of one exchange, as a door shows it: where the answer goes. All calls happen on the exchange's event
 * loop. {@link #head} comes once, then any number of {@link #body}, then {@link #end}; {@link #abort} may come at any
 * time instead of what is left. Nothing is sent before {@link #flush}.
 */
public interface Caller {
    /** An interim answer, 100 or 103; any number of them before the head. */
    void interim(ResponseHead head);

    /**
     * @param last whether there is neither body nor trailers; nothing follows then
     */
    void head(ResponseHead head, boolean last);

    /** Takes ownership of the chunk. */
    void body(ByteBuf chunk);

    /** The answer is whole. */
    void end(Headers trailers);

    void flush();

    /** The answer cannot be finished: HTTP/1 closes the connection, HTTP/2 resets the stream. */
    void abort(Reason reason);

    /** False while more written bytes wait than the door likes to hold; {@link FromCaller#writable} follows. */
    boolean isWritable();

    /** Stops the request's bytes until {@link #resume}. Idempotent, as is resume. */
    void pause();

    void resume();
}
