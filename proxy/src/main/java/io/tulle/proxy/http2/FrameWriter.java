package io.tulle.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.tulle.proxy.message.Headers;

/** Writes frames as bytes (RFC 9113 section 6). Control characters in values, wherever they came from, become spaces. */
final class FrameWriter {
    static final int HEADER = 9;
    private static final int TABLE = 4096; // RFC 7541's default; a peer that offers more costs memory, and gets this
    private static final int HEAD_BYTES = 256;
    private static final int MERGED = 512;
    private static final int NO_HUFFMAN = Integer.MAX_VALUE; // between sidecars CPU is dearer than bytes

    private final Channel channel;
    private final DefaultHttp2HeadersEncoder encoder =
            new DefaultHttp2HeadersEncoder((name, _) -> isNotWorthATable(name), true, 64, NO_HUFFMAN);
    private final FieldSource source = new FieldSource();
    private int maxFrame = 16_384;
    private long table = TABLE;
    private long smallestTable = TABLE;

    FrameWriter(Channel channel) {
        this.channel = channel;
    }

    /**
     * Never indexed: what is secret (RFC 7541 section 7.1.3), and what differs in every request and would only push
     * useful fields out of the table.
     */
    private static boolean isNotWorthATable(CharSequence name) {
        return switch (name.toString()) {
            case "authorization",
                    "cookie",
                    "set-cookie",
                    "x-request-id",
                    "traceparent",
                    "content-length",
                    "date",
                    "x-envoy-upstream-service-time",
                    "grpc-timeout" -> true;
            default -> false;
        };
    }

    void maxFrame(int bytes) {
        maxFrame = Math.min(bytes, 64 * 1024);
    }

    int maxFrame() {
        return maxFrame;
    }

    /** The peer's table has this size from the next head on; what it said before that costs nothing. */
    void peerTable(long bytes) {
        table = Math.min(bytes, TABLE);
        smallestTable = Math.min(smallestTable, table);
    }

    /** Says the smallest size since the last head, then the last one (RFC 7541 section 4.2). */
    private void resize() throws Http2Exception {
        var sizes = encoder.configuration();
        if (smallestTable < sizes.maxHeaderTableSize()) sizes.maxHeaderTableSize(smallestTable);
        if (table != sizes.maxHeaderTableSize()) sizes.maxHeaderTableSize(table);
        smallestTable = table;
    }

    void headers(int stream, Headers pseudo, Headers fields, boolean end) {
        var out = channel.alloc().directBuffer(HEAD_BYTES);
        out.writeZero(HEADER);
        try {
            resize();
            encoder.encodeHeaders(stream, source.of(pseudo, fields), out);
        } catch (Http2Exception | RuntimeException unencodable) {
            out.release();
            throw new IllegalStateException("a head that HPACK cannot say", unencodable);
        }
        var length = out.readableBytes() - HEADER;
        if (length <= maxFrame) {
            header(out, 0, length, FrameType.HEADERS, FrameType.END_HEADERS | (end ? FrameType.END_STREAM : 0), stream);
            write(out);
        } else {
            continued(out, stream, end);
        }
    }

    private void continued(ByteBuf all, int stream, boolean end) {
        all.skipBytes(HEADER);
        var type = FrameType.HEADERS;
        while (all.isReadable()) {
            var length = Math.min(maxFrame, all.readableBytes());
            var flags = (length == all.readableBytes() ? FrameType.END_HEADERS : 0)
                    | (end && type == FrameType.HEADERS ? FrameType.END_STREAM : 0);
            var out = channel.alloc().directBuffer(HEADER + length).writeZero(HEADER);
            header(out, 0, length, type, flags, stream);
            write(out.writeBytes(all, length));
            type = FrameType.CONTINUATION;
        }
        all.release();
    }

    /** Takes ownership. */
    void data(int stream, ByteBuf payload, boolean end) {
        var length = payload.readableBytes();
        var merged = length <= MERGED;
        var out =
                channel.alloc().directBuffer(merged ? HEADER + length : HEADER).writeZero(HEADER);
        header(out, 0, length, FrameType.DATA, end ? FrameType.END_STREAM : 0, stream);
        if (merged) {
            out.writeBytes(payload);
            payload.release();
            write(out);
        } else {
            write(out);
            write(payload);
        }
    }

    void reset(int stream, Http2Error error) {
        write(frame(FrameType.RST_STREAM, 0, stream, 4).writeInt((int) error.code()));
    }

    void windowUpdate(int stream, int bytes) {
        write(frame(FrameType.WINDOW_UPDATE, 0, stream, 4).writeInt(bytes));
    }

    /** Pairs of identifier and value. */
    void settings(int... pairs) {
        var out = frame(FrameType.SETTINGS, 0, 0, pairs.length / 2 * 6);
        for (int i = 0; i < pairs.length; i += 2) out.writeShort(pairs[i]).writeInt(pairs[i + 1]);
        write(out);
    }

    void settingsAck() {
        write(frame(FrameType.SETTINGS, FrameType.ACK, 0, 0));
    }

    void ping(long content, boolean ack) {
        write(frame(FrameType.PING, ack ? FrameType.ACK : 0, 0, 8).writeLong(content));
    }

    ChannelFuture goAway(int lastStream, Http2Error error, String debug) {
        var text = debug.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        var out = frame(FrameType.GOAWAY, 0, 0, 8 + text.length);
        return channel.write(
                out.writeInt(lastStream).writeInt((int) error.code()).writeBytes(text));
    }

    void raw(ByteBuf bytes) {
        write(bytes);
    }

    private ByteBuf frame(int type, int flags, int stream, int length) {
        var out = channel.alloc().directBuffer(HEADER + length).writeZero(HEADER);
        header(out, 0, length, type, flags, stream);
        return out;
    }

    private static void header(ByteBuf out, int at, int length, int type, int flags, int stream) {
        out.setMedium(at, length);
        out.setByte(at + 3, type);
        out.setByte(at + 4, flags);
        out.setInt(at + 5, stream);
    }

    private void write(ByteBuf bytes) {
        channel.write(bytes, channel.voidPromise());
    }

    /** Lets the encoder's table go. */
    void close() {
        encoder.close();
    }
}
