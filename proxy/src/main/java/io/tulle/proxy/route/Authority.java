package io.tulle.proxy.route;

import java.util.Locale;

/** Reads {@code Host} and {@code :authority} as routes and policies compare them. */
public final class Authority {
    private Authority() {}

    /**
     * The host alone: lower-case, without port and without the root's dot, so that {@code Shop.Example.:8080} is
     * {@code shop.example}. An IPv6 address keeps its brackets. Allocates only where something must go.
     */
    public static String host(String authority) {
        var end = portColon(authority);
        if (end < 0) end = authority.length();
        if (end > 1 && authority.charAt(end - 1) == '.') end--;
        var host = end == authority.length() ? authority : authority.substring(0, end);
        return host.toLowerCase(Locale.ROOT); // the same string where nothing changes
    }

    /** The port with its colon, {@code :8080}; empty when there is none. */
    static String portPart(String authority) {
        var colon = portColon(authority);
        return colon < 0 ? "" : authority.substring(colon);
    }

    /** Where the port's colon stands, or -1: colons inside brackets are an IPv6 address's own. */
    private static int portColon(String authority) {
        var colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? colon : -1;
    }
}
