package io.tulle.model.world;

import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.FaultPolicy;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.PathRewrite;
import io.tulle.model.policy.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One rule for requests to a service, whichever dialect it was written in.
 *
 * @param name what logs and metrics call it: the rule's own name, else its place in the resource
 * @param matches any is enough; none matches every request
 * @param port the one port of the parents that it is for (Istio's {@code match.port}); empty means each of them
 */
public record RouteRule(
        String name,
        List<RequestMatch> matches,
        Action action,
        Optional<Duration> timeout,
        Optional<RetryPolicy> retry,
        Optional<FaultPolicy> fault,
        HeaderEdits requestHeaders,
        HeaderEdits responseHeaders,
        OptionalInt port) {
    public RouteRule {
        matches = List.copyOf(matches);
    }

    /** A rule for every port of its parents. */
    public RouteRule(
            String name,
            List<RequestMatch> matches,
            Action action,
            Optional<Duration> timeout,
            Optional<RetryPolicy> retry,
            Optional<FaultPolicy> fault,
            HeaderEdits requestHeaders,
            HeaderEdits responseHeaders) {
        this(name, matches, action, timeout, retry, fault, requestHeaders, responseHeaders, OptionalInt.empty());
    }

    /** What is done with a request that matches. */
    public sealed interface Action {
        record Forward(List<Backend> backends, Optional<PathRewrite> path, Optional<String> authority)
                implements Action {
            public Forward {
                backends = List.copyOf(backends);
            }
        }

        record Redirect(
                int status,
                Optional<String> scheme,
                Optional<String> authority,
                OptionalInt port,
                Optional<PathRewrite> path)
                implements Action {}

        record Respond(int status, String body) implements Action {}
    }

    /**
     * One leg of a split.
     *
     * @param host the service as written, resolved against the resource's namespace ({@code catalog.shop.tulle}), or an
     *     external host
     * @param port empty means the port that was dialled, or the only one
     * @param subset a subset of the host's DestinationRule
     */
    public record Backend(
            String host,
            OptionalInt port,
            Optional<String> subset,
            int weight,
            HeaderEdits requestHeaders,
            HeaderEdits responseHeaders) {}
}
