package io.tulle.proxy.route;

import com.google.re2j.Pattern;
import io.tulle.model.match.TextMatch;
import org.jspecify.annotations.Nullable;

/** A {@link TextMatch} made ready for traffic: built once per plan, asked per request. */
@FunctionalInterface
public interface TextTest {
    boolean accepts(String text);

    /** The same, where a text that is not there never matches. */
    default boolean acceptsIfThere(@Nullable String text) {
        return text != null && accepts(text);
    }

    /** For what may be there and be empty, as a header: then it is present. */
    static TextTest compileForField(TextMatch match) {
        return match instanceof TextMatch.Present ? _ -> true : compile(match);
    }

    static TextTest compile(TextMatch match) {
        return switch (match) {
            case TextMatch.Exact(var want) -> want::equals;
            case TextMatch.Prefix(var want) -> text -> text.startsWith(want);
            case TextMatch.Suffix(var want) -> text -> text.endsWith(want);
            case TextMatch.Regex(var expression) -> matching(Pattern.compile(expression));
            case TextMatch.Present() -> text -> !text.isEmpty();
        };
    }

    /** The same with case ignored, for what ignores it by its own standard: hosts and schemes. */
    static TextTest compileIgnoringCase(TextMatch match) {
        return switch (match) {
            case TextMatch.Exact(var want) -> want::equalsIgnoreCase;
            case TextMatch.Prefix(var want) -> text -> text.regionMatches(true, 0, want, 0, want.length());
            case TextMatch.Suffix(var want) ->
                text -> text.regionMatches(true, text.length() - want.length(), want, 0, want.length());
            case TextMatch.Regex(var expression) -> matching(Pattern.compile(expression, Pattern.CASE_INSENSITIVE));
            case TextMatch.Present() -> text -> !text.isEmpty();
        };
    }

    private static TextTest matching(Pattern pattern) {
        return text -> pattern.matcher(text).matches();
    }
}
