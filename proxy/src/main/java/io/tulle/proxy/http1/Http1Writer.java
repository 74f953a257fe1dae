package io.tulle.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.ResponseHead;

/** Writes heads and chunk lines as bytes. A control character in a value, wherever it came from, becomes a space. */
final class Http1Writer {
    private static final ByteBuf CRLF = fixed("\r\n");
    private static final ByteBuf LAST_CHUNK = fixed("0\r\n\r\n");
    private static final int HEAD_BYTES = 512;

    private Http1Writer() {}

    static ByteBuf request(ByteBufAllocator buffers, RequestHead head, boolean chunked) {
        var out = buffers.directBuffer(HEAD_BYTES);
        text(out, head.method());
        out.writeByte(' ');
        text(out, head.target());
        ByteBufUtil.writeAscii(out, " HTTP/1.1\r\nhost: ");
        text(out, head.authority());
        out.writeShort(0x0d0a);
        fields(out, head.headers());
        if (chunked) ByteBufUtil.writeAscii(out, "transfer-encoding: chunked\r\n");
        if (head.upgrade().isPresent()) {
            ByteBufUtil.writeAscii(out, "connection: upgrade\r\nupgrade: ");
            text(out, head.upgrade().get());
            out.writeShort(0x0d0a);
        }
        out.writeShort(0x0d0a);
        return out;
    }

    /**
     * @param connection what to say of the connection afterwards; empty says nothing
     */
    static ByteBuf response(ByteBufAllocator buffers, ResponseHead head, boolean chunked, String connection) {
        var out = buffers.directBuffer(HEAD_BYTES);
        ByteBufUtil.writeAscii(out, "HTTP/1.1 ");
        ByteBufUtil.writeAscii(out, HttpResponseStatus.valueOf(head.status()).toString());
        out.writeShort(0x0d0a);
        fields(out, head.headers());
        if (chunked) ByteBufUtil.writeAscii(out, "transfer-encoding: chunked\r\n");
        if (!connection.isEmpty()) {
            ByteBufUtil.writeAscii(out, "connection: ");
            ByteBufUtil.writeAscii(out, connection);
            out.writeShort(0x0d0a);
        }
        out.writeShort(0x0d0a);
        return out;
    }

    /** The line before a chunk's bytes. */
    static ByteBuf chunkSize(ByteBufAllocator buffers, int size) {
        var out = buffers.directBuffer(16);
        ByteBufUtil.writeAscii(out, Integer.toHexString(size));
        out.writeShort(0x0d0a);
        return out;
    }

    /** The line end after a chunk's bytes. */
    static ByteBuf chunkEnd() {
        return CRLF.duplicate();
    }

    static ByteBuf lastChunk(ByteBufAllocator buffers, Headers trailers) {
        if (trailers.isEmpty()) return LAST_CHUNK.duplicate();
        var out = buffers.directBuffer(HEAD_BYTES);
        ByteBufUtil.writeAscii(out, "0\r\n");
        fields(out, trailers);
        out.writeShort(0x0d0a);
        return out;
    }

    private static void fields(ByteBuf out, Headers fields) {
        for (int i = 0; i < fields.count(); i++) {
            text(out, fields.name(i));
            out.writeShort(0x3a20);
            text(out, fields.value(i));
            out.writeShort(0x0d0a);
        }
    }

    private static void text(ByteBuf out, String text) {
        var length = text.length();
        out.ensureWritable(length);
        var at = out.writerIndex();
        for (int i = 0; i < length; i++) {
            var c = text.charAt(i);
            out.setByte(at + i, (c < 0x20 && c != '\t') || c == 0x7f ? ' ' : c);
        }
        out.writerIndex(at + length);
    }

    private static ByteBuf fixed(String text) {
        return Unpooled.unreleasableBuffer(Unpooled.directBuffer(8).writeBytes(text.getBytes(US_ASCII)));
    }
}
