package io.tulle.dialects.kind;

import io.tulle.model.IpLiteral;

/** IP addresses and blocks of them, judged without asking DNS. */
public final class Addresses {
    private Addresses() {}

    public static boolean isAddress(String text) {
        return IpLiteral.isAddress(text);
    }

    /** A CIDR block, or one address. */
    public static boolean isBlock(String text) {
        return IpLiteral.isBlock(text);
    }
}
