package io.tulle.labs.load;

import java.util.Locale;

/** Letters of headers, which are ASCII whatever the machine's language is. */
final class Ascii {
    private Ascii() {}

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
