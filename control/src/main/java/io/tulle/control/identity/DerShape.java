package io.tulle.control.identity;

/**
 * A first look at hostile bytes before a recursive parser sees them: one DER value (X.690, section 10), definite lengths
 * that fit, nothing after it, and nesting that no stack minds.
 */
final class DerShape {
    private static final int DEEPEST = 24;

    private DerShape() {}

    static boolean isPlain(byte[] der) {
        return end(der, 0, der.length, 0) == der.length;
    }

    /** Where the value that starts here ends, or -1 when it is malformed. */
    private static int end(byte[] der, int start, int limit, int depth) {
        if (depth > DEEPEST || start + 2 > limit) return -1;
        var tag = der[start] & 0xff;
        if ((tag & 0x1f) == 0x1f) return -1; // many-byte tags: PKCS#10 has none
        int length = der[start + 1] & 0xff;
        int content = start + 2;
        if (length >= 0x80) {
            int octets = length & 0x7f;
            if (octets == 0 || octets > 3 || content + octets > limit) return -1; // 0 is BER's indefinite length
            length = 0;
            for (int i = 0; i < octets; i++) length = (length << 8) | (der[content + i] & 0xff);
            content += octets;
        }
        int end = content + length;
        if (end > limit) return -1;
        var isConstructed = (tag & 0x20) != 0;
        for (int at = content; isConstructed && at < end; ) {
            at = end(der, at, end, depth + 1);
            if (at < 0) return -1;
        }
        return end;
    }
}
