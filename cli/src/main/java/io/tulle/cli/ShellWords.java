package io.tulle.cli;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A command as one would type it, so that what is copied from the terminal does the same. */
final class ShellWords {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./…-]+");

    private ShellWords() {}

    static String written(List<String> words) {
        return words.stream().map(ShellWords::written).collect(Collectors.joining(" "));
    }

    private static String written(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
