package io.tulle.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Names that nearly every message has, kept once: reading them allocates nothing. */
final class FieldNames {
    private static final String[] KNOWN = {
        "accept",
        "accept-encoding",
        "accept-language",
        "access-control-allow-origin",
        "authorization",
        "b3",
        "cache-control",
        "connection",
        "content-encoding",
        "content-language",
        "content-length",
        "content-type",
        "cookie",
        "date",
        "etag",
        "expect",
        "expires",
        "forwarded",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "keep-alive",
        "last-modified",
        "link",
        "location",
        "origin",
        "pragma",
        "referer",
        "sec-fetch-dest",
        "sec-fetch-mode",
        "sec-fetch-site",
        "sec-websocket-accept",
        "sec-websocket-extensions",
        "sec-websocket-key",
        "sec-websocket-protocol",
        "sec-websocket-version",
        "server",
        "set-cookie",
        "te",
        "traceparent",
        "tracestate",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "vary",
        "x-envoy-upstream-service-time",
        "x-forwarded-client-cert",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-powered-by",
        "x-request-id"
    };
    private static final int SLOTS = 256;
    private static final String[][] TABLE = new String[SLOTS][];

    static {
        for (var name : KNOWN) {
            var bytes = name.getBytes(ISO_8859_1);
            var slot = slot(bytes, bytes.length);
            var old = TABLE[slot] == null ? new String[0] : TABLE[slot];
            var grown = java.util.Arrays.copyOf(old, old.length + 1);
            grown[old.length] = name;
            TABLE[slot] = grown;
        }
    }

    private FieldNames() {}

    /** The name in the first bytes, which are lower-case already. */
    static String of(byte[] bytes, int length) {
        var candidates = TABLE[slot(bytes, length)];
        if (candidates != null) {
            for (var name : candidates) {
                if (same(name, bytes, length)) return name;
            }
        }
        return new String(bytes, 0, length, ISO_8859_1);
    }

    private static boolean same(String name, byte[] bytes, int length) {
        if (name.length() != length) return false;
        for (int i = 0; i < length; i++) {
            if (name.charAt(i) != bytes[i]) return false;
        }
        return true;
    }

    private static int slot(byte[] bytes, int length) {
        var hash = length * 31 + bytes[0];
        hash = hash * 31 + bytes[length - 1];
        hash = hash * 31 + bytes[length / 2];
        return (hash ^ (hash >>> 8)) & (SLOTS - 1);
    }
}
