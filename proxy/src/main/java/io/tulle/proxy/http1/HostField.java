package io.tulle.proxy.http1;

import java.util.Optional;

/**
 * Judges {@code Host} and {@code :authority} (RFC 3986 section 3.2.2). What two readers could take for two hosts is refused:
 * policies compare one reading, and the application may have the other.
 */
public final class HostField {
    private HostField() {}

    /** What is wrong with a host and its port; empty for nothing. */
    public static Optional<String> complaint(String authority) {
        if (authority.isEmpty()) return Optional.of("empty");
        for (int i = 0; i < authority.length(); i++) {
            if (!Octets.isHost(authority.charAt(i))) return Optional.of("a character that no host has");
        }
        var end = hostEnd(authority);
        if (end < 0) return Optional.of("a bracket without its other");
        if (!isPort(authority, end)) return Optional.of("something other than one port behind the host");
        return authority.charAt(0) == '[' || hasLabels(authority, end)
                ? Optional.empty()
                : Optional.of("an empty label in the host");
    }

    private static int hostEnd(String authority) {
        if (authority.charAt(0) == '[') return authority.indexOf(']') + 1 > 0 ? authority.indexOf(']') + 1 : -1;
        if (authority.indexOf('[') >= 0 || authority.indexOf(']') >= 0) return -1;
        var colon = authority.indexOf(':');
        return colon < 0 ? authority.length() : colon;
    }

    /** Nothing, or a colon and at most five digits: RFC 3986 lets a port be empty. */
    private static boolean isPort(String authority, int from) {
        if (from == authority.length()) return true;
        if (authority.charAt(from) != ':' || authority.length() - from > 6) return false;
        for (int i = from + 1; i < authority.length(); i++) {
            if (!Octets.isDigit(authority.charAt(i))) return false;
        }
        return true;
    }

    /** One dot at the end is the root's; any other empty label is none of DNS's. */
    private static boolean hasLabels(String authority, int end) {
        if (end == 0 || authority.charAt(0) == '.') return false;
        for (int i = 1; i < end; i++) {
            if (authority.charAt(i) == '.' && authority.charAt(i - 1) == '.') return false;
        }
        return true;
    }
}
