package io.tulle.proxy.route;

import java.util.List;
import java.util.Optional;

/** What the route table says of one request. */
public sealed interface Decision {
    /** The route that matched. */
    static Optional<Route> chosen(Decision decision) {
        return switch (decision) {
            case Forward forward -> Optional.of(forward.route());
            case Redirect redirect -> Optional.of(redirect.route());
            case Reply reply -> Optional.of(reply.route());
            case NoTarget none -> Optional.of(none.route());
            case NoRoute _ -> Optional.empty();
        };
    }

    /**
     * Send it on.
     *
     * @param path what becomes of the path; it depends on which of the route's matches held
     * @param legs all that the target was drawn from
     */
    record Forward(Route route, Target target, PathEdit path, List<Target> legs) implements Decision {
        /** To another of its legs. */
        public Forward towards(Target other) {
            return new Forward(route, other, path, legs);
        }
    }

    /** Answer with a redirect, {@code location} being the value of the header of that name. */
    record Redirect(Route route, int status, String location, HeaderChanges changes) implements Decision {}

    /** Answer with what the route's author wrote: it is the author's own answer, not the mesh's. */
    record Reply(Route route, int status, String body, HeaderChanges changes) implements Decision {}

    /** The route forwards, but all its weights are 0. */
    record NoTarget(Route route, String why) implements Decision {}

    /** No route matches: 404, flag NR. */
    record NoRoute() implements Decision {}

    NoRoute NO_ROUTE = new NoRoute();
}
