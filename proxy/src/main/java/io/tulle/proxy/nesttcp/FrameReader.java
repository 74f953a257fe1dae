package io.tulle.proxy.nesttcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ByteProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a byte stream into messages. The length before {@code #} counts UTF-16 code units, as
 * {@code JSON.stringify(x).length} does: a character of four UTF-8 bytes counts two, any other one. Lengths are
 * {@code [0-9]{1,9}} and nothing else ({@code 38zz}, {@code +38} and {@code 38.9}, which Nest accepts, are refused), and
 * UTF-8 is checked (RFC 3629), so that nobody behind reads the frame differently.
 *
 * <p>Each byte is looked at once, however the stream is cut. Owns what it has gathered; {@link #close} releases it.
 */
final class FrameReader implements AutoCloseable {
    private static final int MAX_DIGITS = 9;

    private final int maxBytes;
    private final ByteProcessor steps = this::takes;
    private @Nullable ByteBuf gathered;
    private int digits;
    private long wanted;
    private boolean inBody;
    private long units;
    private int pending; // continuation bytes that the current character still needs
    private int lowest; // least value that the next continuation byte may have
    private int highest;
    private long skipped; // bytes thrown away of a message that is too large

    /**
     * @param maxBytes how many bytes a message may have; a larger one is read to its end and reported as too large
     */
    FrameReader(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** A message, or the word that one was too large (with its end, in which Nest puts the id). */
    record Frame(ByteBuf body, boolean tooLarge) {}

    /**
     * The next message of the bytes given, which it consumes up to there; null when more are needed. The caller owns the
     * body.
     *
     * @throws MalformedMessage when the stream cannot be read any further; the connection must be closed
     */
    @Nullable
    Frame read(ByteBuf in, ByteBufAllocator allocator) {
        if (!inBody && !readLength(in)) return null;
        var start = in.readerIndex();
        var stop = in.forEachByte(start, in.readableBytes(), steps);
        var at = stop < 0 ? in.writerIndex() : stop;
        if (units > wanted) {
            throw new MalformedMessage(NestTcpCode.BAD_LENGTH, "the length ends inside a character");
        }
        in.readerIndex(at);
        var complete = units == wanted && pending == 0;
        if (complete && gathered == null && at - start <= maxBytes) {
            reset();
            return new Frame(in.retainedSlice(start, at - start), false);
        }
        gather(in, start, at - start, allocator);
        return complete ? finish() : null;
    }

    /** Whether a message has begun that has not ended. */
    boolean isMidway() {
        return inBody || digits > 0;
    }

    @Override
    public void close() {
        if (gathered != null) gathered.release();
        gathered = null;
    }

    private boolean readLength(ByteBuf in) {
        while (in.isReadable()) {
            var c = in.readByte();
            if (c >= '0' && c <= '9' && digits < MAX_DIGITS) {
                wanted = wanted * 10 + (c - '0');
                digits++;
            } else if (c == '#' && digits > 0) {
                inBody = true;
                return true;
            } else {
                throw new MalformedMessage(NestTcpCode.BAD_LENGTH, "expected 1 to 9 digits and '#', found " + shown(c));
            }
        }
        return false;
    }

    /** False at the first byte behind the message. */
    private boolean takes(byte b) {
        if (units >= wanted && pending == 0) return false;
        step(b & 0xff);
        return true;
    }

    /** One byte of UTF-8 by RFC 3629, section 4: overlong forms, surrogates and values past U+10FFFF are refused. */
    private void step(int b) {
        if (pending > 0) {
            if (b < lowest || b > highest) throw notUtf8();
            lowest = 0x80;
            highest = 0xbf;
            pending--;
            return;
        }
        if (b < 0x80) {
            units++;
        } else if (b >= 0xc2 && b <= 0xdf) {
            begin(1, 1, 0x80, 0xbf);
        } else if (b >= 0xe0 && b <= 0xef) {
            begin(2, 1, b == 0xe0 ? 0xa0 : 0x80, b == 0xed ? 0x9f : 0xbf);
        } else if (b >= 0xf0 && b <= 0xf4) {
            begin(3, 2, b == 0xf0 ? 0x90 : 0x80, b == 0xf4 ? 0x8f : 0xbf);
        } else {
            throw notUtf8();
        }
    }

    private void begin(int following, int unitsOfIt, int low, int high) {
        pending = following;
        units += unitsOfIt;
        lowest = low;
        highest = high;
    }

    private void gather(ByteBuf in, int start, int length, ByteBufAllocator allocator) {
        if (gathered == null) gathered = allocator.buffer(Math.min(maxBytes, Math.max(length, 256)));
        gathered.writeBytes(in, start, length);
        // Of a message that is too large only the end is kept: Nest writes the id last, and the refusal must name it.
        var keep = skipped > 0 || wanted > maxBytes ? TAIL : maxBytes;
        if (gathered.readableBytes() > keep) {
            var drop = gathered.readableBytes() - TAIL;
            skipped += drop;
            gathered.skipBytes(drop).discardReadBytes();
        }
    }

    private static final int TAIL = 512;

    private Frame finish() {
        var body = gathered;
        if (body == null) throw new IllegalStateException("a message without bytes");
        gathered = null;
        var tooLarge = skipped > 0;
        reset();
        return new Frame(body, tooLarge);
    }

    private void reset() {
        digits = 0;
        wanted = 0;
        units = 0;
        skipped = 0;
        inBody = false;
    }

    private static MalformedMessage notUtf8() {
        return new MalformedMessage(NestTcpCode.BAD_UTF8, "a frame holds bytes that are not UTF-8");
    }

    private static String shown(byte c) {
        return c > 0x20 && c < 0x7f ? "'" + (char) c + "'" : "byte " + (c & 0xff);
    }
}
