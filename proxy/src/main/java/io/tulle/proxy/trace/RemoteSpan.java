package io.tulle.proxy.trace;

/** A caller's span as its headers tell it; the parent of ours. */
record RemoteSpan(long traceHigh, long traceLow, long span, int flags, Sampled sampled) {
    enum Sampled {
        YES,
        NO,
        /** B3's absent sampling state: the receiver decides. */
        DEFERRED
    }

    /** Lower-case hexadecimal digits of text from one index up to another; nothing else is taken. */
    static boolean isHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            var c = text.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
        }
        return true;
    }

    static long hex(String text, int from, int to) {
        return Long.parseUnsignedLong(text, from, to, 16);
    }
}
