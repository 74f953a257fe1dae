package io.tulle.proxy.nesttcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;

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
    static Parcel of(ByteBufAllocator allocator, Message message, CanonicalPattern pattern) {
        if (message.text(message.pattern()).equals(pattern.json())) {
            return new Parcel(message.copy(allocator), message.idSpan().movedBy(-message.start()));
        }
        var body = message.with(allocator, message.pattern(), pattern.json());
        var moved = body.readableBytes() - message.length();
        var behind = message.idSpan().start() > message.pattern().start();
        return new Parcel(body, message.idSpan().movedBy((behind ? moved : 0) - message.start()));
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
        var all = body.toString(0, id.start(), StandardCharsets.UTF_8)
                + other.written()
                + body.toString(id.end(), bytes() - id.end(), StandardCharsets.UTF_8);
        channel.write(Frames.of(channel.alloc(), all), channel.voidPromise());
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
