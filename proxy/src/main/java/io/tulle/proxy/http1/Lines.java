package io.tulle.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.tulle.proxy.message.Reason;
import java.util.Arrays;

/**
 * Takes lines off a buffer, each ended by CRLF and nothing else. A lone CR or LF is refused as soon as it is seen: where
 * one reader ends a line and another does not, requests are smuggled (RFC 9112 section 2.2 allows leniency; a mesh cannot).
 */
final class Lines {
    private static final byte CR = '\r';
    private static final byte LF = '\n';

    private final int limit;
    private int taken;
    private int seen;
    private byte[] line = new byte[512];
    private int length;

    /**
     * @param limit how many bytes all lines since the last {@link #restart} may have, line ends included
     */
    Lines(int limit) {
        this.limit = limit;
    }

    /** Begins a new section with the whole limit. */
    void restart() {
        taken = 0;
        seen = 0;
    }

    /** Whether a line has begun whose end is not there yet. */
    boolean isInside() {
        return seen > 0;
    }

    /** How many bytes were taken since the last restart. */
    int taken() {
        return taken;
    }

    /**
     * Takes the next line, without its end, into {@link #bytes}.
     *
     * @return false when its end is not there yet
     * @throws Malformed over the limit, or a line end that is not CRLF
     */
    boolean take(ByteBuf in) {
        var start = in.readerIndex();
        var end = in.indexOf(start + seen, in.writerIndex(), LF);
        if (end < 0) {
            seen = in.readableBytes();
            if (taken + seen > limit) throw new Malformed(Reason.HEAD_TOO_LARGE, "over " + limit + " bytes");
            return false;
        }
        length = end - start - 1;
        if (taken + length + 2 > limit) throw new Malformed(Reason.HEAD_TOO_LARGE, "over " + limit + " bytes");
        if (length < 0 || in.getByte(end - 1) != CR) throw new Malformed(Reason.LINE_END, "a lone LF");
        if (length > line.length) line = new byte[Math.max(length, line.length * 2)];
        in.getBytes(start, line, 0, length);
        in.readerIndex(end + 1);
        taken += length + 2;
        seen = 0;
        return true;
    }

    byte[] bytes() {
        return line;
    }

    int length() {
        return length;
    }

    String text(int from, int to) {
        return new String(line, from, to - from, ISO_8859_1);
    }

    /** Gives back room that an unusually long line took. */
    void shrink() {
        if (line.length > 8192) line = Arrays.copyOf(line, 512);
    }
}
