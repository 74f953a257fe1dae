package io.tulle.proxy.route;

import java.util.Optional;

/** Reads cookies that a caller sends (RFC 6265 section 5.4): pairs divided by semicolons, or by HTTP/2's commas of joined fields. */
final class Cookies {
    private Cookies() {}

    /** The value of the first of this name, without the quotes that may stand around it. */
    static Optional<String> find(String header, String name) {
        for (int start = 0; start < header.length(); ) {
            int end = end(header, start);
            int from = start;
            while (from < end && header.charAt(from) == ' ') from++;
            int equals = header.indexOf('=', from);
            if (equals >= 0 && equals < end && isNamed(header, from, equals, name))
                return Optional.of(unquoted(header.substring(equals + 1, end).strip()));
            start = end + 1;
        }
        return Optional.empty();
    }

    /** A cookie's value has neither semicolon nor comma (RFC 6265 section 4.1.1). */
    private static int end(String header, int start) {
        for (int at = start; at < header.length(); at++) {
            if (header.charAt(at) == ';' || header.charAt(at) == ',') return at;
        }
        return header.length();
    }

    private static boolean isNamed(String header, int from, int equals, String name) {
        return equals - from == name.length() && header.startsWith(name, from);
    }

    private static String unquoted(String value) {
        return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }
}
