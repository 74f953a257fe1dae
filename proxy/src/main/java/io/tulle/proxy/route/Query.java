package io.tulle.proxy.route;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads parameters from a query string, without making a map of it. */
final class Query {
    private Query() {}

    /** The first value of a parameter, percent-decoded; null when it is not there, empty when it has no value. */
    static @Nullable String first(String rawQuery, String name) {
        for (int start = 0; start < rawQuery.length(); ) {
            var end = rawQuery.indexOf('&', start);
            if (end < 0) end = rawQuery.length();
            var equals = rawQuery.indexOf('=', start);
            if (equals < 0 || equals > end) equals = end;
            if (isNamed(rawQuery, start, equals, name)) {
                return decode(rawQuery.substring(Math.min(equals + 1, end), end));
            }
            start = end + 1;
        }
        return null;
    }

    private static boolean isNamed(String query, int from, int to, String name) {
        if (to - from == name.length() && query.startsWith(name, from)) return true;
        var percent = query.indexOf('%', from);
        return percent >= 0 && percent < to && decode(query.substring(from, to)).equals(name);
    }

    /** RFC 3986 section 2.1; a percent sign that begins no octet stays as it is. A plus stays a plus: not a form. */
    private static String decode(String text) {
        if (text.indexOf('%') < 0) return text;
        var in = text.getBytes(StandardCharsets.UTF_8);
        var out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            var octet = in[i] == '%' && i + 2 < in.length ? octet(in[i + 1], in[i + 2]) : -1;
            out[length++] = octet < 0 ? in[i] : (byte) octet;
            if (octet >= 0) i += 2;
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }

    private static int octet(byte high, byte low) {
        var h = Character.digit(high, 16);
        var l = Character.digit(low, 16);
        return h < 0 || l < 0 ? -1 : h * 16 + l;
    }
}
