package io.tulle.proxy.nesttcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;

/** A message as it is forwarded, its pattern canonical, kept as long as another attempt may need it. Owns its bytes. */
final class Parcel {
    private final ByteBuf body;
    private final Message.Span id;
    private final long units;
    private boolean released;

    private Parcel(ByteBuf body, Message.Span id) {
        this.body = body;
        this.id = id;
        this.units = Frames.units(body);
    }

    /** A copy of its own, since the bytes read share their memory with all that came with them. */
    static Parcel of(ByteBufAllocator allocator, Message message, CanonicalPattern pattern, MessageContext context) {
        var edits = new ArrayList<Message.Edit>(2);
        if (!message.text(message.pattern()).equals(pattern.json())) {
            edits.add(new Message.Edit(message.pattern(), pattern.json()));
        }
        context.metadata().ifPresent(json -> edits.add(metadata(message, json)));
        if (edits.isEmpty())
            return new Parcel(message.copy(allocator), message.idSpan().movedBy(-message.start()));
        edits.sort(Comparator.comparingInt(edit -> edit.place().start()));
        var moved = edits.stream()
                .filter(edit -> edit.place().start() < message.idSpan().start())
                .mapToInt(Message.Edit::growth)
                .sum();
        return new Parcel(message.with(allocator, edits), message.idSpan().movedBy(moved - message.start()));
    }

    private static Message.Edit metadata(Message message, String json) {
        if (message.metadata().isThere()) return new Message.Edit(message.metadata(), json);
        var front = new Message.Span(message.bodyStart(), message.bodyStart());
        return new Message.Edit(front, "\"metadata\":" + json + ","); // a pattern follows, always
    }

    int bytes() {
        return body.readableBytes();
    }

    /** Writes it as one frame; flushing is the caller's. */
    void writeTo(Channel channel) {
        channel.write(Frames.length(channel.alloc(), units), channel.voidPromise());
        channel.write(body.retainedDuplicate(), channel.voidPromise());
    }

    /** The same under another id. */
    void writeTo(Channel channel, CallId other) {
        channel.write(frame(channel.alloc(), other), channel.voidPromise());
    }

    /** A frame of its own; the bytes stay here too. */
    ByteBuf frame(ByteBufAllocator allocator) {
        return Frames.of(allocator, body);
    }

    /** The same under another id. */
    ByteBuf frame(ByteBufAllocator allocator, CallId other) {
        var all = body.toString(0, id.start(), StandardCharsets.UTF_8)
                + other.written()
                + body.toString(id.end(), bytes() - id.end(), StandardCharsets.UTF_8);
        return Frames.of(allocator, all);
    }

    /** Lets the bytes go; they cannot be sent any more. */
    void release() {
        if (!released) body.release();
        released = true;
    }

    boolean isThere() {
        return !released;
    }
}
