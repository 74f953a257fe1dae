package io.tulle.proxy.route;

import com.google.re2j.Pattern;
import io.tulle.model.match.PathMatch;

/** A {@link PathMatch} made ready for traffic: built once per plan, asked per request with the normalised path. */
@FunctionalInterface
public interface PathTest {
    boolean accepts(String path);

    static PathTest compile(PathMatch match) {
        return compile(match, false);
    }

    /**
     * @param ignoringCase Istio's {@code ignoreUriCase}, which concerns exact and prefix paths; expressions and suffixes
     *     keep their case
     */
    static PathTest compile(PathMatch match, boolean ignoringCase) {
        return switch (match) {
            case PathMatch.Exact(var want) -> ignoringCase ? want::equalsIgnoreCase : want::equals;
            case PathMatch.Prefix(var want) -> wholeSegments(want, ignoringCase);
            case PathMatch.StringPrefix(var want) ->
                path -> path.regionMatches(ignoringCase, 0, want, 0, want.length());
            case PathMatch.StringSuffix(var want) -> path -> path.endsWith(want);
            case PathMatch.Regex(var expression) -> {
                var pattern = Pattern.compile(expression);
                yield path -> pattern.matcher(path).matches();
            }
        };
    }

    private static PathTest wholeSegments(String want, boolean ignoringCase) {
        if (want.isEmpty() || want.equals("/")) return path -> path.startsWith("/");
        var length = want.length();
        return path -> path.regionMatches(ignoringCase, 0, want, 0, length)
                && (path.length() == length || path.charAt(length) == '/');
    }
}
