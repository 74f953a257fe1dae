package io.tulle.proxy.resilience;

/** What a second delivery of a request may do, as far as its protocol says. */
public enum Replay {
    /** Nothing that the first has not done (RFC 9110 section 9.2.2). */
    HARMLESS,
    /** It may act twice: only what surely was not delivered goes again, unless the route names the method. */
    ACTS_TWICE,
    /** The protocol does not say (a Nest TCP message): the route's {@code retries} alone decide. */
    UNKNOWN;

    /** Of an HTTP method; one that is not known here acts twice. */
    public static Replay ofMethod(String method) {
        return switch (method) {
            case "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE" -> HARMLESS;
            default -> ACTS_TWICE;
        };
    }
}
