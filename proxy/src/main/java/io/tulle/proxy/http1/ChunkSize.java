package io.tulle.proxy.http1;

import io.tulle.proxy.message.Reason;

/**
 * Reads a chunk's size and checks its extensions, which are then dropped (RFC 9112 section 7.1.1: a recipient ignores
 * the ones that it does not know). Control bytes and unclosed quotes, by which extensions smuggle, are refused.
 */
final class ChunkSize {
    private static final int DIGITS = 15; // fits a long with room to spare

    private ChunkSize() {}

    static long of(Lines line) {
        var bytes = line.bytes();
        var length = line.length();
        long size = 0;
        int at = 0;
        while (at < length) {
            var digit = Character.digit(bytes[at], 16);
            if (digit < 0 || bytes[at] < 0) break;
            size = size * 16 + digit;
            if (++at > DIGITS) throw new Malformed(Reason.CHUNK, "a size over " + DIGITS + " digits");
        }
        if (at == 0) throw new Malformed(Reason.CHUNK, "no size");
        extensions(bytes, at, length);
        return size;
    }

    private static void extensions(byte[] bytes, int from, int length) {
        if (from == length) return;
        int at = from;
        while (at < length && Octets.isSpace(bytes[at])) at++; // bad whitespace before ';' is let pass, alone it is not
        if (at == length || bytes[at] != ';') throw new Malformed(Reason.CHUNK, "not a size");
        boolean quoted = false;
        for (; at < length; at++) {
            var b = bytes[at];
            if (!Octets.isFieldValue(b)) throw new Malformed(Reason.CHUNK, "a control byte in an extension");
            if (quoted && b == '\\') at++;
            else if (b == '"') quoted = !quoted;
        }
        if (quoted || at > length) throw new Malformed(Reason.CHUNK, "an extension with an open quote");
    }
}
