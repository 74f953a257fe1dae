package io.tulle.model.policy;

import io.tulle.model.match.TextMatch;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Which web pages of other origins may call a route from a browser (Gateway API's CORS filter, Istio's CorsPolicy, Envoy's
 * extensions.filters.http.cors.v3.CorsPolicy). The proxy answers preflights itself.
 *
 * @param origins any is enough; one that matches {@code *} allows every origin
 * @param methods {@code *} alone allows whatever a preflight asks for
 * @param headers request headers; {@code *} as for methods
 * @param exposed response headers that a page may read
 * @param maxAge seconds for which a browser may keep the answer to a preflight; 0 forbids it
 * @param credentials whether a page may send cookies and the like
 * @param forwardsUnmatched whether a preflight of an origin that is not allowed goes to the application; otherwise it gets
 *     an answer that allows nothing
 */
public record CorsPolicy(
        List<TextMatch> origins,
        List<String> methods,
        List<String> headers,
        List<String> exposed,
        OptionalLong maxAge,
        boolean credentials,
        boolean forwardsUnmatched)
        implements RoutePolicy {
    /** In the place of all methods or all headers. */
    public static final String ANY = "*";

    public CorsPolicy {
        origins = List.copyOf(origins);
        methods = plain(methods);
        headers = plain(headers);
        exposed = List.copyOf(exposed);
    }

    /** The words stand in lists that commas divide, in headers of a response. */
    @Override
    public void requireSound() {
        var bad = Stream.of(methods, headers, exposed)
                .flatMap(List::stream)
                .filter(word -> word.isEmpty() || word.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == ','))
                .findFirst();
        bad.ifPresent(word -> {
            throw new IllegalArgumentException(
                    "a CORS policy names '" + word + "', which is neither a method nor a header");
        });
        if (maxAge.orElse(0) < 0) throw new IllegalArgumentException("a CORS policy has a maximum age under 0");
    }

    /** The wildcard takes in whatever stands beside it, and proxies know it only alone. */
    private static List<String> plain(List<String> words) {
        return words.contains(ANY) ? List.of(ANY) : List.copyOf(words);
    }
}
