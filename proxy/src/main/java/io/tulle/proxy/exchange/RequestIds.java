package io.tulle.proxy.exchange;

import java.util.UUID;
import java.util.random.RandomGenerator;

/** Request ids, as Envoy makes them: random UUIDs (RFC 9562, version 4). */
public final class RequestIds {
    private static final int LONGEST = 128;

    private RequestIds() {}

    public static String draw(RandomGenerator random) {
        var high = (random.nextLong() & 0xffffffffffff0fffL) | 0x4000L;
        var low = (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low).toString();
    }

    /** Whether a caller's own id may be kept: it ends up in logs, so it may hold nothing that tricks one. */
    public static boolean isKept(String id) {
        if (id.isEmpty() || id.length() > LONGEST) return false;
        for (int i = 0; i < id.length(); i++) {
            var c = id.charAt(i);
            var plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-_.:=/+".indexOf(c) >= 0;
            if (!plain) return false;
        }
        return true;
    }
}
