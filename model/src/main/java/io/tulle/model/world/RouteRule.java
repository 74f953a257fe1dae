package io.tulle.model.world;

import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.PathRewrite;
import io.tulle.model.policy.PolicySet;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.policy.Towards;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * One rule for requests to a service, whichever dialect it was written in.
 *
 * @param name what logs and metrics call it: the rule's own name, else its place in the resource
 * @param matches any is enough; none matches every request
 * @param policies what it asks for besides, at most one of each kind
 * @param port the one port of the parents that it is for (Istio's {@code match.port}); empty means each of them
 * @param from the clients that it is for
 */
public record RouteRule(
        String name,
        List<RequestMatch> matches,
        Action action,
        PolicySet<RoutePolicy> policies,
        OptionalInt port,
        SourceMatch from) {
    public RouteRule {
        matches = List.copyOf(matches);
    }

    /** A rule for every port of its parents, and every client. */
    public RouteRule(String name, List<RequestMatch> matches, Action action, PolicySet<RoutePolicy> policies) {
        this(name, matches, action, policies, OptionalInt.empty(), SourceMatch.ANY);
    }

    public RouteRule named(String other) {
        return new RouteRule(other, matches, action, policies, port, from);
    }

    public RouteRule withMatches(List<RequestMatch> others) {
        return new RouteRule(name, others, action, policies, port, from);
    }

    public RouteRule with(RoutePolicy policy) {
        return new RouteRule(name, matches, action, policies.with(policy), port, from);
    }

    /** Where its policies send anything, besides what its action does. */
    public Stream<Towards.Written> alsoTowards() {
        return policies.all().stream()
                .flatMap(RoutePolicy::leads)
                .filter(Towards.Written.class::isInstance)
                .map(Towards.Written.class::cast);
    }

    /** The port that a redirect names. */
    public sealed interface ToPort {
        record Numbered(int port) implements ToPort {}

        /** The one that was dialled (Istio's {@code derivePort: FROM_REQUEST_PORT}). */
        record Dialled() implements ToPort {}
    }

    /** What is done with a request that matches. */
    public sealed interface Action {
        record Forward(List<Backend> backends, Optional<PathRewrite> path, Optional<String> authority)
                implements Action {
            public Forward {
                backends = List.copyOf(backends);
            }
        }

        /** @param port empty leaves it to scheme and authority */
        record Redirect(
                int status,
                Optional<String> scheme,
                Optional<String> authority,
                Optional<ToPort> port,
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
            HeaderEdits responseHeaders) {
        /** The destination alone. */
        public Towards.Written towards() {
            return new Towards.Written(host, port, subset);
        }
    }
}
