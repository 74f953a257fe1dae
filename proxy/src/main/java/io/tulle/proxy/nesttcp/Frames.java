package io.tulle.proxy.nesttcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/** Writes messages with their length before them. */
final class Frames {
    private Frames() {}

    /** The frame of a JSON text. */
    static ByteBuf of(ByteBufAllocator allocator, String json) {
        var frame = allocator.buffer(json.length() + 16);
        frame.writeCharSequence(Integer.toString(json.length()), StandardCharsets.US_ASCII);
        frame.writeByte('#');
        ByteBufUtil.writeUtf8(frame, json);
        return frame;
    }

    /** The frame of a message that is already UTF-8, which stays the caller's. */
    static ByteBuf of(ByteBufAllocator allocator, ByteBuf body) {
        var frame = allocator.buffer(body.readableBytes() + 16);
        frame.writeCharSequence(Long.toString(units(body)), StandardCharsets.US_ASCII);
        frame.writeByte('#');
        frame.writeBytes(body, body.readerIndex(), body.readableBytes());
        return frame;
    }

    /** How many UTF-16 code units well-formed UTF-8 has: one a lead byte, one more for a lead byte of four. */
    static long units(ByteBuf utf8) {
        var units = 0L;
        for (var i = utf8.readerIndex(); i < utf8.writerIndex(); i++) {
            var b = utf8.getByte(i) & 0xff;
            if (b < 0x80 || b >= 0xc0) units++;
            if (b >= 0xf0) units++;
        }
        return units;
    }
}
