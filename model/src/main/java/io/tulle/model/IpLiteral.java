package io.tulle.model;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * IP addresses and blocks as text, in the one form that every reader takes alike: {@code 10.0.0.1}, {@code fd00::1},
 * {@code 10.0.0.0/8}. Some readers take {@code 010} for 10 and others for 8, so a leading zero means nothing here. DNS is
 * never asked.
 */
public final class IpLiteral {
    private static final int LONGEST = 45; // an IPv4 address mapped into IPv6, written in full
    private static final Pattern V4 = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");

    private IpLiteral() {}

    /** The address; empty where the text is none. */
    public static Optional<InetAddress> parse(String text) {
        if (text.length() > LONGEST || !hasOneMeaning(text)) return Optional.empty();
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    public static boolean isAddress(String text) {
        return parse(text).isPresent();
    }

    /** A CIDR block, or one address. */
    public static boolean isBlock(String text) {
        var slash = text.indexOf('/');
        if (slash < 0) return isAddress(text);
        var address = text.substring(0, slash);
        var length = text.substring(slash + 1);
        if (!isAddress(address) || !LENGTH.matcher(length).matches()) return false;
        return Integer.parseInt(length) <= (isV6(address) ? 128 : 32);
    }

    private static boolean hasOneMeaning(String text) {
        if (!isV6(text)) return V4.matcher(text).matches();
        var embedded = text.indexOf('.') < 0 ? "0.0.0.0" : text.substring(text.lastIndexOf(':') + 1);
        return V6.matcher(text).matches() && V4.matcher(embedded).matches();
    }

    private static boolean isV6(String text) {
        return text.indexOf(':') >= 0;
    }
}
