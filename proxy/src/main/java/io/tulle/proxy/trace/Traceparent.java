package io.tulle.proxy.trace;

import io.tulle.proxy.message.Headers;
import io.tulle.proxy.trace.RemoteSpan.Sampled;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** W3C Trace Context, level 2: {@code 00-<32 hex>-<16 hex>-<2 hex>} and the vendors' list beside it. */
final class Traceparent {
    static final String NAME = "traceparent";
    static final String STATE = "tracestate";
    private static final int LENGTH = 55;
    private static final int MEMBERS = 32;
    private static final int KNOWN_FLAGS = 3; // sampled and random; the rest is for later versions
    private static final Pattern MEMBER = Pattern.compile( // ours, never a user's; no nested repetition
            "(?:[a-z][a-z0-9_\\-*/]{0,255}|[a-z0-9][a-z0-9_\\-*/]{0,240}@[a-z][a-z0-9_\\-*/]{0,13})"
                    + "=[\\x20-\\x2b\\x2d-\\x3c\\x3e-\\x7e]{0,255}[\\x21-\\x2b\\x2d-\\x3c\\x3e-\\x7e]");

    private Traceparent() {}

    /** Empty when there is none, or it is none (section 3.2.2): then the trace begins anew. */
    static Optional<RemoteSpan> read(Headers headers) {
        return headers.countOf(NAME) == 1 ? headers.first(NAME).flatMap(Traceparent::parse) : Optional.empty();
    }

    static Optional<RemoteSpan> parse(String text) {
        if (!isWellFormed(text)) return Optional.empty();
        var high = RemoteSpan.hex(text, 3, 19);
        var low = RemoteSpan.hex(text, 19, 35);
        var span = RemoteSpan.hex(text, 36, 52);
        if ((high | low) == 0 || span == 0) return Optional.empty();
        var flags = (int) RemoteSpan.hex(text, 53, 55) & KNOWN_FLAGS;
        return Optional.of(new RemoteSpan(high, low, span, flags, (flags & 1) == 1 ? Sampled.YES : Sampled.NO));
    }

    /** A higher version may go on after a dash; what is known of it is read (section 3.2.4). */
    private static boolean isWellFormed(String text) {
        if (text.length() < LENGTH || text.startsWith("ff")) return false;
        if (text.length() > LENGTH && (text.startsWith("00") || text.charAt(LENGTH) != '-')) return false;
        return text.charAt(2) == '-'
                && text.charAt(35) == '-'
                && text.charAt(52) == '-'
                && RemoteSpan.isHex(text, 0, 2)
                && RemoteSpan.isHex(text, 3, 35)
                && RemoteSpan.isHex(text, 36, 52)
                && RemoteSpan.isHex(text, 53, 55);
    }

    static String write(SpanContext span) {
        return "00-" + span.traceId() + "-" + span.spanId() + "-"
                + HexFormat.of().toHexDigits((byte) span.flags());
    }

    /** Keeps a well-formed list as it is, members in order; drops another whole (section 3.3.1). */
    static void settleState(Headers headers) {
        var state = headers.joined(STATE);
        if (state.isPresent() && !isState(state.get())) headers.remove(STATE);
    }

    static boolean isState(String text) {
        var keys = new HashSet<String>();
        var members = text.split(",", -1);
        for (var member : members) {
            var trimmed = member.strip();
            if (trimmed.isEmpty()) continue;
            if (!MEMBER.matcher(trimmed).matches()) return false;
            if (!keys.add(trimmed.substring(0, trimmed.indexOf('=')))) return false;
        }
        return !keys.isEmpty() && keys.size() <= MEMBERS;
    }
}
