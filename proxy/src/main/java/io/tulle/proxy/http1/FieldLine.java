package io.tulle.proxy.http1;

import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;

/** Reads one field line (RFC 9112 section 5): a token, a colon at once after it, a value without control bytes. */
final class FieldLine {
    private FieldLine() {}

    static void read(Lines line, Headers into) {
        var bytes = line.bytes();
        var length = line.length();
        if (Octets.isSpace(bytes[0])) throw new Malformed(Reason.HEADER, "a folded line (obs-fold)");
        var colon = nameEnd(bytes, length);
        var from = colon + 1;
        while (from < length && Octets.isSpace(bytes[from])) from++;
        var to = length;
        while (to > from && Octets.isSpace(bytes[to - 1])) to--;
        for (int i = from; i < to; i++) {
            if (!Octets.isFieldValue(bytes[i])) throw new Malformed(Reason.CONTROL_BYTE, "in a header's value");
        }
        into.add(FieldNames.of(bytes, colon), line.text(from, to));
    }

    /** Finds the colon and makes the name lower-case in place. */
    private static int nameEnd(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            var b = bytes[i];
            if (b >= 'A' && b <= 'Z') {
                bytes[i] = (byte) (b | 0x20);
            } else if (b == ':') {
                if (i == 0) throw new Malformed(Reason.HEADER, "no name");
                return i;
            } else if (!Octets.isToken(b)) {
                throw new Malformed(Reason.HEADER, "a byte that no name has");
            }
        }
        throw new Malformed(Reason.HEADER, "no colon");
    }
}
