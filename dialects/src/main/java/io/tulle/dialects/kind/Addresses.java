package io.tulle.dialects.kind;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** IP addresses and blocks of them, judged without asking DNS. */
public final class Addresses {
    private static final Pattern V4 =
            Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    private Addresses() {}

    public static boolean isAddress(String text) {
        if (text.length() > 45) return false;
        if (V4.matcher(text).matches()) return true;
        if (!V6.matcher(text).matches()) return false;
        try {
            InetAddress.getByName("[" + text + "]"); // in brackets it is a literal or an error, never a question to DNS
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** A CIDR block, or one address. */
    public static boolean isBlock(String text) {
        var slash = text.indexOf('/');
        if (slash < 0) return isAddress(text);
        var address = text.substring(0, slash);
        var bits = text.substring(slash + 1);
        if (!isAddress(address) || !bits.matches("[0-9]{1,3}")) return false;
        return Integer.parseInt(bits) <= (address.contains(":") ? 128 : 32);
    }
}
