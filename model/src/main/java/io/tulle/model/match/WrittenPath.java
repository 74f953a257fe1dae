package io.tulle.model.match;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path as an operator wrote it, brought into the form in which proxies see the paths of requests. A policy that is
 * compared with anything else would guard nothing.
 *
 * @param match what proxies compare; as it was written where no request can have such a path
 * @param never why no request can have such a path
 * @param readAs the path that this one is read as, where they differ in more than the case of an escape
 */
public record WrittenPath(PathMatch match, Optional<String> never, Optional<String> readAs) {
    private static final PathNormalizer NORMALIZER = new PathNormalizer(PathNormalizer.Mode.BASE);
    private static final Pattern ESCAPE = Pattern.compile("%[0-9A-Fa-f]{2}");
    private static final Pattern CUT_ESCAPE = Pattern.compile("%[0-9A-Fa-f]?$");
    private static final Pattern DOT_SEGMENT = Pattern.compile("/\\.\\.?(/|$)");
    private static final Pattern INNER_DOT_SEGMENT = Pattern.compile("/\\.\\.?/");

    /** Reads what was written. */
    public static WrittenPath of(PathMatch written) {
        return switch (written) {
            case PathMatch.Exact(var path) when path.equals("*") -> asIs(written); // OPTIONS *
            case PathMatch.Exact(var path) -> {
                var seen = unescaped(path);
                yield judged(written, new PathMatch.Exact(seen), path, seen, complaint(path, seen, true, DOT_SEGMENT));
            }
            case PathMatch.Prefix(var path) -> {
                var seen = unescaped(path);
                yield judged(written, new PathMatch.Prefix(seen), path, seen, complaint(path, seen, true, DOT_SEGMENT));
            }
            // Empty and * match everything; a prefix may end inside an escape or inside a name that begins with a dot.
            case PathMatch.StringPrefix(var prefix) when prefix.isEmpty() || prefix.equals("*") -> asIs(written);
            case PathMatch.StringPrefix(var prefix) -> {
                var whole = CUT_ESCAPE.matcher(prefix).replaceFirst("");
                var seen = unescaped(whole) + prefix.substring(whole.length()).toUpperCase(Locale.ROOT);
                var complaint = complaint(whole, unescaped(whole), true, INNER_DOT_SEGMENT);
                yield judged(written, new PathMatch.StringPrefix(seen), prefix, seen, complaint);
            }
            case PathMatch.StringSuffix(var suffix) -> {
                var seen = unescaped(suffix);
                var complaint = complaint(suffix, seen, false, DOT_SEGMENT);
                yield judged(written, new PathMatch.StringSuffix(seen), suffix, seen, complaint);
            }
            case PathMatch.Regex(var expression) ->
                // Rewriting an expression could change what it means, so it stays, and its author is told.
                new WrittenPath(
                        written,
                        unescaped(expression).equals(expression)
                                ? Optional.empty()
                                : Optional.of("proxies see " + unescaped(expression) + " there"),
                        Optional.empty());
        };
    }

    private static WrittenPath asIs(PathMatch match) {
        return new WrittenPath(match, Optional.empty(), Optional.empty());
    }

    private static WrittenPath judged(
            PathMatch written, PathMatch seen, String text, String seenText, Optional<String> complaint) {
        if (complaint.isPresent()) return new WrittenPath(written, complaint, Optional.empty());
        var told = !text.equalsIgnoreCase(seenText);
        return new WrittenPath(seen, Optional.empty(), told ? Optional.of(seenText) : Optional.empty());
    }

    private static Optional<String> complaint(String written, String seen, boolean fromStart, Pattern dots) {
        if (fromStart && !written.startsWith("/")) return Optional.of("a path begins with '/'");
        if (NORMALIZER.normalize(written).isEmpty()) {
            return Optional.of("a '%' stands before two hexadecimal digits, and %00 is refused");
        }
        var stray = written.chars().filter(c -> !isOfPath(c)).findFirst();
        if (stray.isPresent()) return Optional.of(ofStray((char) stray.getAsInt()));
        return dots.matcher(seen).find()
                ? Optional.of("proxies resolve segments of one dot or two before they compare")
                : Optional.empty();
    }

    private static String ofStray(char c) {
        return switch (c) {
            case '?' -> "a path ends before its '?'; what follows is the query";
            case '#' -> "a request's path holds no fragment";
            case '\\' -> "proxies read a backslash as '/'";
            default -> "the path of a request holds no spaces, no control characters and only ASCII";
        };
    }

    private static boolean isOfPath(int c) {
        return c > 0x20 && c < 0x7f && c != '?' && c != '#' && c != '\\';
    }

    private static String unescaped(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(escape -> Matcher.quoteReplacement(
                        NORMALIZER.normalize(escape.group()).orElse(escape.group())));
    }
}
