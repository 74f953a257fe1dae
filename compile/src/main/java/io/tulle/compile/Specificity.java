package io.tulle.compile;

import io.tulle.model.match.PathMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.xds.spec.RouteSpec;
import java.util.Comparator;

/**
 * Gateway API's order of matches (HTTPRouteRule.matches): an exact path, the longest prefix, a method, the most headers,
 * the most query parameters; then the older resource, by name where that ties, and the place in it. Resources arrive here
 * oldest first, so the order of arrival stands for the last three.
 */
final class Specificity {
    static final Comparator<Ranked> ORDER = Comparator.<Ranked>comparingInt(r -> -pathRank(r.match()))
            .thenComparingInt(r -> -pathLength(r.match()))
            .thenComparingInt(r -> r.match().method().isPresent() ? 0 : 1)
            .thenComparingInt(r -> -r.match().headers().size())
            .thenComparingInt(r -> -r.match().queryParameters().size())
            .thenComparingInt(Ranked::arrival);

    private Specificity() {}

    record Ranked(RequestMatch match, int arrival, RouteSpec route) {}

    /** A regular expression's rank is the implementation's choice; between an exact path and a prefix, as in Istio. */
    private static int pathRank(RequestMatch match) {
        return switch (match.path().orElse(new PathMatch.Prefix("/"))) {
            case PathMatch.Exact _ -> 3;
            case PathMatch.Regex _ -> 2;
            case PathMatch.Prefix _, PathMatch.StringPrefix _, PathMatch.StringSuffix _ -> 1;
        };
    }

    private static int pathLength(RequestMatch match) {
        return switch (match.path().orElse(new PathMatch.Prefix("/"))) {
            case PathMatch.Exact(var path) -> path.length();
            case PathMatch.Prefix(var path) -> path.length();
            case PathMatch.StringPrefix(var prefix) -> prefix.length();
            case PathMatch.StringSuffix(var suffix) -> suffix.length();
            case PathMatch.Regex(var expression) -> expression.length();
        };
    }
}
