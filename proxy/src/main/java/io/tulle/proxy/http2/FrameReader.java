package io.tulle.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;

/**
 * Reads frames (RFC 9113 sections 4 and 6) and judges what can be judged without knowing the streams. A head's frames are
 * gathered within limits, so that neither endless nor empty CONTINUATIONs cost anything (CVE-2024-27919, CVE-2026-33871).
 */
final class FrameReader {
    /** What a connection hears. A {@link ProtocolError} thrown out of these is the reader's caller's to handle. */
    interface Listener {
        /**
         * @param data valid during the call only
         * @param flow what counts against the windows: data and padding
         */
        void data(int stream, ByteBuf data, int flow, boolean end);

        void headers(int stream, FieldBlock block, boolean end);

        void reset(int stream, long error);

        void setting(int id, long value);

        /** All of one frame were told. */
        void settingsEnd();

        void settingsAck();

        void ping(long content, boolean ack);

        void goAway(int lastStream, long error);

        void windowUpdate(int stream, int bytes);

        /** A frame that asks for nothing: PRIORITY, or of an unknown type. */
        void ignored(String what);
    }

    private static final int MAX_FRAME = 16_384; // the default, which we never raise

    private final Listener listener;
    private final Http2Limits limits;
    private final HpackReader hpack;
    private ByteBuf block = Unpooled.EMPTY_BUFFER;
    private int blockStream;
    private boolean blockEnd;
    private int continuations;
    private boolean first = true;

    FrameReader(Listener listener, Http2Limits limits) {
        this.listener = listener;
        this.limits = limits;
        this.hpack = new HpackReader(limits);
    }

    /** Whether a head has begun that is not whole. */
    boolean isInsideHead() {
        return blockStream != 0;
    }

    /**
     * Reads one frame; it is taken off the buffer even where it is in error.
     *
     * @return false when no whole frame is there
     */
    boolean read(ByteBuf in, ByteBufAllocator buffers) {
        if (in.readableBytes() < FrameWriter.HEADER) return false;
        var at = in.readerIndex();
        var length = in.getUnsignedMedium(at);
        var type = in.getUnsignedByte(at + 3);
        var flags = in.getUnsignedByte(at + 4);
        var stream = in.getInt(at + 5) & 0x7fffffff;
        judge(type, flags, stream, length);
        if (in.readableBytes() < FrameWriter.HEADER + length) return false;
        var end = at + FrameWriter.HEADER + length;
        in.readerIndex(at + FrameWriter.HEADER);
        try {
            frame(type, flags, stream, in, length, buffers);
        } finally {
            in.readerIndex(end);
        }
        return true;
    }

    private void judge(int type, int flags, int stream, int length) {
        if (length > MAX_FRAME) throw fatal(Http2Error.FRAME_SIZE_ERROR, "a frame of " + length + " bytes");
        if (first && (type != FrameType.SETTINGS || (flags & FrameType.ACK) != 0)) {
            throw fatal(Http2Error.PROTOCOL_ERROR, "the first frame is not SETTINGS (section 3.4)");
        }
        first = false;
        if (blockStream != 0 && (type != FrameType.CONTINUATION || stream != blockStream)) {
            throw fatal(Http2Error.PROTOCOL_ERROR, "another frame inside a head (section 6.10)");
        }
    }

    private void frame(int type, int flags, int stream, ByteBuf in, int length, ByteBufAllocator buffers) {
        switch (type) {
            case FrameType.DATA -> data(flags, onStream(stream), in, length);
            case FrameType.HEADERS -> headers(flags, onStream(stream), in, length, buffers);
            case FrameType.CONTINUATION -> continuation(flags, onStream(stream), in, length, buffers);
            case FrameType.PRIORITY -> priority(onStream(stream), in, length);
            case FrameType.RST_STREAM -> {
                sized(length, 4);
                listener.reset(onStream(stream), in.readUnsignedInt());
            }
            case FrameType.SETTINGS -> settings(flags, stream, in, length);
            case FrameType.PUSH_PROMISE -> throw fatal(Http2Error.PROTOCOL_ERROR, "a push that nobody allowed");
            case FrameType.PING -> {
                onConnection(stream);
                sized(length, 8);
                listener.ping(in.readLong(), (flags & FrameType.ACK) != 0);
            }
            case FrameType.GOAWAY -> {
                onConnection(stream);
                if (length < 8) throw fatal(Http2Error.FRAME_SIZE_ERROR, "a short GOAWAY");
                listener.goAway(in.readInt() & 0x7fffffff, in.readUnsignedInt());
            }
            case FrameType.WINDOW_UPDATE -> {
                sized(length, 4);
                var bytes = in.readInt() & 0x7fffffff;
                if (bytes == 0) throw ProtocolError.of(stream, Http2Error.PROTOCOL_ERROR, "a window update of nothing");
                listener.windowUpdate(stream, bytes);
            }
            default -> listener.ignored("type " + type);
        }
    }

    private void data(int flags, int stream, ByteBuf in, int length) {
        var padding = padding(flags, in, length);
        var size = length - padding;
        listener.data(stream, in.slice(in.readerIndex(), size), length, (flags & FrameType.END_STREAM) != 0);
    }

    /** Reads the padding's length; returns how many bytes of the payload are no content, the length's own included. */
    private static int padding(int flags, ByteBuf in, int length) {
        if ((flags & FrameType.PADDED) == 0) return 0;
        if (length < 1) throw fatal(Http2Error.FRAME_SIZE_ERROR, "padded, without a length of the padding");
        var padding = in.readUnsignedByte() + 1;
        if (padding > length) throw fatal(Http2Error.PROTOCOL_ERROR, "padding longer than its frame");
        return padding;
    }

    private void headers(int flags, int stream, ByteBuf in, int length, ByteBufAllocator buffers) {
        var size = length - padding(flags, in, length);
        if ((flags & FrameType.WITH_PRIORITY) != 0) {
            if (size < 5) throw fatal(Http2Error.FRAME_SIZE_ERROR, "a short HEADERS");
            dependsOnItself(stream, in);
            size -= 5;
        }
        blockEnd = (flags & FrameType.END_STREAM) != 0;
        if ((flags & FrameType.END_HEADERS) != 0) {
            listener.headers(stream, hpack.read(stream, in.slice(in.readerIndex(), size)), blockEnd);
            return;
        }
        blockStream = stream;
        continuations = 0;
        block = buffers.buffer(size * 2 + 64).writeBytes(in, size);
    }

    private void continuation(int flags, int stream, ByteBuf in, int length, ByteBufAllocator buffers) {
        if (blockStream == 0) throw fatal(Http2Error.PROTOCOL_ERROR, "CONTINUATION of nothing");
        if (++continuations > limits.continuations() || block.readableBytes() + length > limits.headerBytes() * 2) {
            throw fatal(Http2Error.ENHANCE_YOUR_CALM, "a head without end");
        }
        block.writeBytes(in, length);
        if ((flags & FrameType.END_HEADERS) == 0) return;
        var whole = block;
        block = Unpooled.EMPTY_BUFFER;
        blockStream = 0;
        try {
            listener.headers(stream, hpack.read(stream, whole), blockEnd);
        } finally {
            whole.release();
        }
    }

    private void priority(int stream, ByteBuf in, int length) {
        if (length != 5) throw ProtocolError.of(stream, Http2Error.FRAME_SIZE_ERROR, "a PRIORITY of odd size");
        listener.ignored("PRIORITY");
        dependsOnItself(stream, in);
    }

    private static void dependsOnItself(int stream, ByteBuf in) {
        var on = in.readInt() & 0x7fffffff;
        in.skipBytes(1);
        if (on == stream) throw fatal(Http2Error.PROTOCOL_ERROR, "a stream that depends on itself (RFC 7540, 5.3.1)");
    }

    private void settings(int flags, int stream, ByteBuf in, int length) {
        onConnection(stream);
        if ((flags & FrameType.ACK) != 0) {
            sized(length, 0);
            listener.settingsAck();
            return;
        }
        if (length % 6 != 0) throw fatal(Http2Error.FRAME_SIZE_ERROR, "a SETTINGS of odd size");
        for (int i = 0; i < length; i += 6) listener.setting(in.readUnsignedShort(), in.readUnsignedInt());
        listener.settingsEnd();
    }

    private static int onStream(int stream) {
        if (stream == 0) throw fatal(Http2Error.PROTOCOL_ERROR, "a stream's frame on the connection");
        return stream;
    }

    private static void onConnection(int stream) {
        if (stream != 0) throw fatal(Http2Error.PROTOCOL_ERROR, "a connection's frame on a stream");
    }

    private static void sized(int length, int right) {
        if (length != right) throw fatal(Http2Error.FRAME_SIZE_ERROR, length + " bytes in place of " + right);
    }

    private static ProtocolError fatal(Http2Error error, String detail) {
        return ProtocolError.ofConnection(error, detail);
    }

    void release() {
        block.release();
        block = Unpooled.EMPTY_BUFFER;
        blockStream = 0;
    }
}
