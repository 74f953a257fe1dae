package io.tulle.proxy.nesttcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of one message stand in its JSON. Of a message only what the mesh needs is read; the rest is checked and
 * passed on as it came. Positions are absolute in the buffer that was read, which stays its owner's.
 */
final class Message {
    private static final Span NONE = new Span(-1, -1);

    private Span pattern = NONE;
    private Span id = NONE;
    private Span error = NONE;
    private Span metadata = NONE;
    private Span disposed = NONE;
    private int bodyStart;
    private final ByteBuf text;

    private Message(ByteBuf text) {
        this.text = text;
    }

    /** A value's place: from its first byte up to the one after its last. */
    record Span(int start, int end) {
        boolean isThere() {
            return start >= 0;
        }

        int length() {
            return end - start;
        }

        Span movedBy(int bytes) {
            return isThere() ? new Span(start + bytes, end + bytes) : this;
        }
    }

    /** Other JSON in a place, or at it where the place is empty. */
    record Edit(Span place, String json) {
        int growth() {
            return ByteBufUtil.utf8Bytes(json) - place.length();
        }
    }

    /** @throws MalformedMessage when it is not one JSON object with every top-level key once */
    static Message read(ByteBuf text) {
        var message = new Message(text);
        var cursor = new JsonCursor(text);
        var keys = new HashSet<String>(8);
        cursor.expect('{');
        message.bodyStart = cursor.at();
        if (!cursor.accept('}')) {
            do {
                var key = cursor.string();
                if (!keys.add(key)) throw new MalformedMessage(NestTcpCode.BAD_JSON, "the key '" + key + "' twice");
                cursor.expect(':');
                cursor.peek();
                var start = cursor.at();
                cursor.skipValue();
                message.note(key, new Span(start, cursor.at()));
            } while (cursor.accept(','));
            cursor.expect('}');
        }
        cursor.expectEnd();
        return message;
    }

    private void note(String key, Span span) {
        switch (key) {
            case "pattern" -> pattern = span;
            case "id" -> id = span;
            case "err" -> error = span;
            case "metadata" -> metadata = span;
            case "isDisposed" -> disposed = span;
            default -> {}
        }
    }

    /** Whether the sender expects no answer (Nest: {@code isUndefined(packet.id)}). */
    boolean isEvent() {
        return !id.isThere();
    }

    Span pattern() {
        return pattern;
    }

    Span metadata() {
        return metadata;
    }

    /** Just behind the opening brace, where a field can be put. */
    int bodyStart() {
        return bodyStart;
    }

    /** The id's JSON; null for an event. */
    @Nullable
    String id() {
        return id.isThere() ? text(id) : null;
    }

    Span idSpan() {
        return id;
    }

    int start() {
        return text.readerIndex();
    }

    int length() {
        return text.readableBytes();
    }

    /** Whether this reply is the last of its request, as Nest's client sees it: {@code isDisposed || err}. */
    boolean isLast() {
        return isTruthy(disposed) || hasError();
    }

    boolean hasError() {
        return isTruthy(error);
    }

    /** The error's JSON; empty where there is none. */
    String error() {
        return error.isThere() ? text(error) : "";
    }

    private boolean isTruthy(Span span) {
        if (!span.isThere()) return false;
        return switch (text.getByte(span.start())) {
            case 'f', 'n' -> false;
            case '"' -> span.length() > 2;
            case '{', '[', 't' -> true;
            default -> Double.parseDouble(text(span)) != 0;
        };
    }

    /**
     * The pattern in canonical form.
     *
     * @throws MalformedMessage when there is none, or it is ambiguous
     */
    CanonicalPattern canonicalPattern() {
        if (!pattern.isThere()) throw new MalformedMessage(NestTcpCode.BAD_PATTERN, "the message has no pattern");
        return CanonicalPattern.of(text(pattern));
    }

    String text(Span span) {
        return text.toString(span.start(), span.length(), StandardCharsets.UTF_8);
    }

    /** The message as it came. */
    ByteBuf copy(ByteBufAllocator allocator) {
        return allocator.buffer(text.readableBytes()).writeBytes(text, text.readerIndex(), text.readableBytes());
    }

    /** The message with other JSON in one place. */
    ByteBuf with(ByteBufAllocator allocator, Span place, String json) {
        return with(allocator, List.of(new Edit(place, json)));
    }

    /** The message with other JSON in some places, which come in order. */
    ByteBuf with(ByteBufAllocator allocator, List<Edit> edits) {
        var more = edits.stream().mapToInt(Edit::growth).sum();
        var all = allocator.buffer(text.readableBytes() + more);
        var from = text.readerIndex();
        for (var edit : edits) {
            all.writeBytes(text, from, edit.place().start() - from);
            ByteBufUtil.writeUtf8(all, edit.json());
            from = edit.place().end();
        }
        return all.writeBytes(text, from, text.writerIndex() - from);
    }
}
