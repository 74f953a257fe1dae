package io.tulle.proxy.nesttcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

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

    /** What stands before a message of so many UTF-16 code units. */
    static ByteBuf length(ByteBufAllocator allocator, long units) {
        var prefix = allocator.buffer(16);
        prefix.writeCharSequence(Long.toString(units), StandardCharsets.US_ASCII);
        return prefix.writeByte('#');
    }

    /** An answer in the application's place, which Nest's client gives to its caller as an error. */
    static ByteBuf refusal(ByteBufAllocator allocator, CallId id, String code, String message, String requestId) {
        var json = "{\"err\":{\"status\":\"error\",\"message\":" + quoted(message) + ",\"code\":\"" + code
                + "\",\"requestId\":\"" + requestId + "\"},\"isDisposed\":true,\"id\":" + id.written() + "}";
        return of(allocator, json);
    }

    /** An answer that a route's author wrote: what Nest's client gives to its caller, or throws there. */
    static ByteBuf written(ByteBufAllocator allocator, CallId id, boolean good, String text) {
        var said = good
                ? "\"response\":" + quoted(text)
                : "\"err\":{\"status\":\"error\",\"message\":" + quoted(text) + "}";
        return of(allocator, "{" + said + ",\"isDisposed\":true,\"id\":" + id.written() + "}");
    }

    /** A JSON string. */
    static String quoted(String text) {
        var out = new StringBuilder(text.length() + 2).append('"');
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c < 0x20) out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            else out.append(c);
        }
        return out.append('"').toString();
    }

    /** How many UTF-16 code units well-formed UTF-8 has: one a lead byte, one more for a lead byte of four. */
    static long units(ByteBuf utf8) {
        var count = new long[1];
        utf8.forEachByte(b -> {
            if (b >= 0 || (b & 0xff) >= 0xc0) count[0]++;
            if ((b & 0xff) >= 0xf0) count[0]++;
            return true;
        });
        return count[0];
    }
}
