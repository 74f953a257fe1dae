package io.tulle.proxy.http2;

import io.netty.handler.codec.http2.Http2Error;
import java.util.ArrayDeque;

/**
 * A connection's own flow control (RFC 9113 section 5.2): what it may still send, which streams wait for that, and what
 * the peer may still send. Ours is given back at once: the streams' windows hold a peer back, this one only keeps up
 * with all of them together.
 */
final class ConnectionWindow {
    static final int DEFAULT = 65_535;

    private final FrameWriter writer;
    private final int size;
    private final ArrayDeque<Stream> waiting = new ArrayDeque<>(4);
    private long toSend = DEFAULT;
    private int toReceive;
    private int owed;

    /**
     * @param size what the peer may have on its way to us
     */
    ConnectionWindow(FrameWriter writer, int size) {
        this.writer = writer;
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
        return toSend;
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

    /** The peer takes more: one frame of each stream in turn, until the window or the streams are exhausted. */
    void opened(int bytes) {
        toSend += bytes;
        if (toSend > Integer.MAX_VALUE) {
            throw ProtocolError.ofConnection(Http2Error.FLOW_CONTROL_ERROR, "a window over 2^31-1");
        }
        for (var stream = waiting.poll(); stream != null; stream = waiting.poll()) {
            stream.connectionWindowOpened();
            if (toSend <= 0) {
                stream.push(); // puts itself back
                return;
            }
            if (stream.pushOne()) waiting.add(stream);
            else stream.tellWritable();
        }
    }
}
