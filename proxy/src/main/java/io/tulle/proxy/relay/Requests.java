package io.tulle.proxy.relay;

import io.netty.buffer.ByteBuf;

/**
 * Tells HTTP from everything else by the first line: {@code METHOD SP target SP HTTP/} (RFC 9112 section 3; the preface of
 * HTTP/2 reads the same way). A method alone does not make it HTTP: RTSP and SIP begin with the same words.
 */
final class Requests {
    /** What the bytes so far are. */
    enum Verdict {
        REQUEST,
        BYTES,
        /** They could still become either. */
        OPEN
    }

    /** A first line this long that has not shown otherwise is a request; its door refuses it where it is too long. */
    private static final int LONGEST = 16 * 1024;

    private static final String[] METHODS = {
        "GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "PRI", "TRACE", "CONNECT"
    };
    private static final String VERSION = "HTTP/";

    private Requests() {}

    static Verdict read(ByteBuf first) {
        var from = first.readerIndex();
        var to = first.writerIndex();
        var space = end(first, from, to);
        if (!isMethod(first, from, space)) return Verdict.BYTES;
        if (space == to) return Verdict.OPEN;
        if (!isWhole(first, from, space) || first.getByte(space) != ' ') return Verdict.BYTES;
        var second = end(first, space + 1, to);
        if (second == to) return second - from > LONGEST ? Verdict.REQUEST : Verdict.OPEN;
        if (second == space + 1 || first.getByte(second) != ' ') return Verdict.BYTES;
        return version(first, second + 1, to);
    }

    /** Where a word ends: at anything that is not visible ASCII. */
    private static int end(ByteBuf first, int from, int to) {
        for (int i = from; i < to; i++) {
            var b = first.getByte(i);
            if (b <= 0x20 || b == 0x7f) return i;
        }
        return to;
    }

    /** Whether a method begins with these bytes. */
    private static boolean isMethod(ByteBuf first, int from, int to) {
        for (var method : METHODS) {
            if (begins(first, from, to, method)) return true;
        }
        return false;
    }

    private static boolean isWhole(ByteBuf first, int from, int to) {
        for (var method : METHODS) {
            if (method.length() == to - from && begins(first, from, to, method)) return true;
        }
        return false;
    }

    private static Verdict version(ByteBuf first, int from, int to) {
        if (!begins(first, from, Math.min(to, from + VERSION.length()), VERSION)) return Verdict.BYTES;
        return to - from >= VERSION.length() ? Verdict.REQUEST : Verdict.OPEN;
    }

    private static boolean begins(ByteBuf first, int from, int to, String word) {
        if (to - from > word.length()) return false;
        for (int i = from; i < to; i++) {
            if (first.getByte(i) != word.charAt(i - from)) return false;
        }
        return true;
    }
}
