package io.tulle.proxy.http2;

import io.tulle.proxy.message.Headers;

/** Reads {@code content-length}, which HTTP/2 does not need and HTTP/1 behind it believes. */
final class Lengths {
    static final long NONE = -1;
    static final long MALFORMED = -2;

    private Lengths() {}

    /** The one length, or {@link #NONE}, or {@link #MALFORMED}. */
    static long of(Headers fields) {
        var text = fields.first("content-length").orElse("");
        if (text.isEmpty()) return fields.has("content-length") ? MALFORMED : NONE;
        if (text.length() > 18 || fields.countOf("content-length") > 1) return MALFORMED;
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c < '0' || c > '9') return MALFORMED;
            value = value * 10 + (c - '0');
        }
        return value;
    }
}
