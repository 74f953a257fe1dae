package io.tulle.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.ByteToMessageDecoder;

/** Bytes that came and are not understood yet. Owns its buffer. */
final class Pending {
    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
    private boolean feeding;

    /** Takes ownership. */
    void add(ByteBufAllocator buffers, ByteBuf more) {
        bytes = bytes.isReadable() ? ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(buffers, bytes, more) : more;
    }

    boolean isEmpty() {
        return !bytes.isReadable();
    }

    int size() {
        return bytes.readableBytes();
    }

    /** Lets the reader take what it can. Called again from inside, it does nothing: the outer call goes on. */
    void feed(MessageReader reader) {
        if (feeding) return;
        feeding = true;
        try {
            reader.read(bytes);
        } finally {
            feeding = false;
            if (!bytes.isReadable()) release();
        }
    }

    void release() {
        if (feeding) {
            bytes.skipBytes(bytes.readableBytes());
            return;
        }
        bytes.release();
        bytes = Unpooled.EMPTY_BUFFER;
    }
}
