package io.tulle.control.api;

/** Decimal numbers out of texts that others wrote. */
final class Numbers {
    private static final int MAX_DIGITS = 18;

    private Numbers() {}

    /** -1 where it is not a plain decimal number of at most 18 digits. */
    static long parse(String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS) return -1;
        var value = 0L;
        for (int i = 0; i < text.length(); i++) {
            var digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) return -1;
            value = value * 10 + digit;
        }
        return value;
    }
}
