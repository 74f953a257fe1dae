package io.tulle.proxy.http2;

import io.netty.handler.codec.http2.Http2Error;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/**
 * A connection's own flow control (RFC 9113 section 5.2): what it may still send, which streams wait for that, and what
 * the peer may still send. Ours is given back at once: the streams' windows hold a peer back, this one only keeps up
 * with all of them together.
 */
final class ConnectionWindow {
    static final int DEFAULT = 65_535;

    private final FrameWriter writer;
    private final int size;
    private final BooleanSupplier writable;
    private final ArrayDeque<Stream> waiting = new ArrayDeque<>(4);
    private long toSend = DEFAULT;
    private int toReceive;
    private int owed;

    /**
     * @param size what the peer may have on its way to us
     * @param writable whether the channel takes bytes: what it does not take waits in its stream, where it is counted
     */
    ConnectionWindow(FrameWriter writer, int size, BooleanSupplier writable) {
        this.writer = writer;
        this.writable = writable;
        this.size = size;
        this.toReceive = size;
    }

    /** Says its size, once. */
    void greet() {
        writer.windowUpdate(0, size - DEFAULT);
    }

    /**
     * @return whether a window update was written
     */
    boolean received(int bytes) {
        if (bytes > toReceive) {
            throw ProtocolError.ofConnection(Http2Error.FLOW_CONTROL_ERROR, "more than the connection's window");
        }
        toReceive -= bytes;
        owed += bytes;
        if (owed < size / 4) return false;
        writer.windowUpdate(0, owed);
        toReceive += owed;
        owed = 0;
        return true;
    }

    long toSend() {
        return writable.getAsBoolean() ? toSend : 0;
    }

    void spend(int bytes) {
        toSend -= bytes;
    }

    void await(Stream stream) {
        waiting.add(stream);
    }

    void forget(Stream stream) {
        waiting.remove(stream);
    }

    /** The peer takes more; {@link #pump} sends it. */
    void opened(int bytes) {
        toSend += bytes;
        if (toSend > Integer.MAX_VALUE) {
            throw ProtocolError.ofConnection(Http2Error.FLOW_CONTROL_ERROR, "a window over 2^31-1");
        }
    }

    /**
     * Sends one frame of each waiting stream in turn, until the window, the channel's room or the streams are exhausted.
     *
     * @return whether anything was written
     */
    boolean pump() {
        var written = false;
        while (!waiting.isEmpty() && toSend() > 0) {
            var stream = waiting.poll();
            stream.isItsTurn();
            written = true;
            if (stream.pushOne()) stream.awaitTurn(); // with what is left
            stream.push(); // where nothing is: its end, and more of it
        }
        return written;
    }
}
