package io.tulle.xds.codec;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.tulle.model.match.TextMatch;
import java.util.Optional;

/**
 * Text conditions as Envoy's StringMatcher. What Envoy has no form for is an idiom of RE2 that {@link #decode} knows
 * again: {@code .+} for present, {@code .*} for the empty prefix, {@code .*$} for the empty suffix (Envoy refuses empty
 * ones), {@code (?:)} for the empty expression. A user's expression that reads like one means the same.
 */
final class Texts {
    private static final String ESCAPED = "\\.[]{}()<>*+-=!?^$|/#&~";

    private Texts() {}

    static StringMatcher encode(TextMatch match) {
        var matcher = StringMatcher.newBuilder();
        return switch (match) {
            case TextMatch.Exact(var value) -> matcher.setExact(value).build();
            case TextMatch.Prefix(var prefix) ->
                prefix.isEmpty() ? ofRegex(".*") : matcher.setPrefix(prefix).build();
            case TextMatch.Suffix(var suffix) ->
                suffix.isEmpty() ? ofRegex(".*$") : matcher.setSuffix(suffix).build();
            case TextMatch.Regex(var expression) -> ofRegex(expression);
            case TextMatch.Present() -> ofRegex(".+");
        };
    }

    static StringMatcher ofRegex(String expression) {
        return StringMatcher.newBuilder().setSafeRegex(regex(expression)).build();
    }

    static RegexMatcher regex(String expression) {
        return RegexMatcher.newBuilder()
                .setRegex(expression.isEmpty() ? "(?:)" : expression)
                .build();
    }

    /** Reads a StringMatcher; {@code ignore_case} is left to the caller. */
    static TextMatch decode(Node matcher) {
        return switch (matcher.which("match_pattern")) {
            case "exact" -> new TextMatch.Exact(matcher.text("exact"));
            case "prefix" -> new TextMatch.Prefix(matcher.text("prefix"));
            case "suffix" -> new TextMatch.Suffix(matcher.text("suffix"));
            case "contains" -> new TextMatch.Regex(".*" + quote(matcher.text("contains")) + ".*");
            case "safe_regex" -> ofExpression(expression(matcher.need("safe_regex")));
            case "" -> throw matcher.invalid("match_pattern", "is missing");
            case String other -> throw matcher.unsupported(other);
        };
    }

    /** The expression of a RegexMatcher, known to compile. */
    static String expression(Node regex) {
        regex.ignore("google_re2"); // the only engine there is; deprecated
        var expression = regex.name("regex");
        if (!compiles(expression)) throw regex.invalid("regex", "is no RE2 expression: " + expression);
        return expression.equals("(?:)") ? "" : expression;
    }

    static TextMatch ofExpression(String expression) {
        return switch (expression) {
            case ".+" -> new TextMatch.Present();
            case ".*" -> new TextMatch.Prefix("");
            case ".*$" -> new TextMatch.Suffix("");
            default -> new TextMatch.Regex(expression);
        };
    }

    static boolean compiles(String expression) {
        try {
            Pattern.compile(expression);
            return true;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    /** The expression that matches this text and nothing else. */
    static String quote(String text) {
        var quoted = new StringBuilder(text.length() + 8);
        for (var i = 0; i < text.length(); i++) {
            if (ESCAPED.indexOf(text.charAt(i)) >= 0) quoted.append('\\');
            quoted.append(text.charAt(i));
        }
        return quoted.toString();
    }

    /** The text that {@link #quote} made this from; empty when it is an expression of another kind. */
    static Optional<String> unquote(String quoted) {
        var text = new StringBuilder(quoted.length());
        for (var i = 0; i < quoted.length(); i++) {
            var c = quoted.charAt(i);
            if (c == '\\') {
                if (++i == quoted.length() || ESCAPED.indexOf(quoted.charAt(i)) < 0) return Optional.empty();
                text.append(quoted.charAt(i));
            } else if (ESCAPED.indexOf(c) >= 0) {
                return Optional.empty();
            } else {
                text.append(c);
            }
        }
        return Optional.of(text.toString());
    }
}
