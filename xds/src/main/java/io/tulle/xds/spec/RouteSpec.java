package io.tulle.xds.spec;

import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.FaultPolicy;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One route.
 *
 * @param name what log, metrics and explanations call it: {@code VirtualService shop/catalog#canary}
 * @param matches any of these is enough
 * @param timeout for the whole exchange, retries and back-off included; empty is no limit (Istio's default)
 * @param retry empty means the house's default: only what surely was not delivered goes again
 */
public record RouteSpec(
        String name,
        List<RequestMatch> matches,
        ActionSpec action,
        Optional<Duration> timeout,
        Optional<RetryPolicy> retry,
        Optional<FaultPolicy> fault,
        HeaderEdits requestHeaders,
        HeaderEdits responseHeaders) {
    public RouteSpec {
        matches = List.copyOf(matches);
        try {
            if (matches.isEmpty()) throw new IllegalArgumentException("it matches nothing");
            if (timeout.filter(Duration::isNegative).isPresent())
                throw new IllegalArgumentException("its timeout is negative");
            Edits.requireHarmless(requestHeaders, Edits.Of.REQUEST);
            Edits.requireHarmless(responseHeaders, Edits.Of.RESPONSE);
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException("route " + name + ": " + refused.getMessage(), refused);
        }
    }

    /** A route that forwards everything to one cluster, with no policy. */
    public static RouteSpec toCluster(String name, String cluster) {
        return new RouteSpec(
                name,
                List.of(RequestMatch.ANY),
                ActionSpec.Forward.to(cluster),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                HeaderEdits.NONE,
                HeaderEdits.NONE);
    }
}
