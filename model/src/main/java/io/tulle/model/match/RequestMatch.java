package io.tulle.model.match;

import java.util.List;
import java.util.Optional;

/**
 * All conditions that one request must meet; an absent one is met by any. Shared by Gateway API's HTTPRouteMatch and
 * Istio's HTTPMatchRequest.
 *
 * @param ignorePathCase Istio's {@code ignoreUriCase}: for exact and prefix paths only
 */
public record RequestMatch(
        Optional<PathMatch> path,
        boolean ignorePathCase,
        Optional<TextMatch> method,
        Optional<TextMatch> authority,
        Optional<TextMatch> scheme,
        List<HeaderMatch> headers,
        List<QueryMatch> queryParameters) {
    /** Every request. */
    public static final RequestMatch ANY = new RequestMatch(
            Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of());

    public RequestMatch {
        headers = List.copyOf(headers);
        queryParameters = List.copyOf(queryParameters);
    }

    /** Every request whose path matches. */
    public static RequestMatch ofPath(PathMatch path) {
        return new RequestMatch(
                Optional.of(path), false, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of());
    }
}
