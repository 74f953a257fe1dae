package io.tulle.proxy.route;

/** What the route table says of one request. */
public sealed interface Decision {
    /**
     * Send it on.
     *
     * @param path what becomes of the path; it depends on which of the route's matches held
     */
    record Forward(Route route, Target target, PathEdit path) implements Decision {}

    /** Answer with a redirect, {@code location} being the value of the header of that name. */
    record Redirect(Route route, int status, String location) implements Decision {}

    /** Answer in the application's place. */
    record Reply(Route route, int status, String reason, Why why) implements Decision {}

    /** No route matches: 404, flag NR. */
    record NoRoute() implements Decision {}

    NoRoute NO_ROUTE = new NoRoute();

    /** Whose wish a reply is. */
    enum Why {
        /** The route says so. */
        WRITTEN,
        /** The route forwards, but all its weights are 0. */
        NO_TARGET
    }
}
