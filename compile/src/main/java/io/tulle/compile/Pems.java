package io.tulle.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** PEM (RFC 7468) as text alone. */
final class Pems {
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----");

    private Pems() {}

    /** Each certificate of several. */
    static Stream<String> blocks(String text) {
        List<String> all = new ArrayList<>();
        var found = BLOCK.matcher(text);
        while (found.find()) all.add(found.group() + "\n");
        return all.stream();
    }
}
