package io.tulle.control.api;

/** Who asks, and how that is known. */
public record Caller(String name, Means means) {
    public static final Caller ANYBODY = new Caller("anonymous", Means.NONE);

    /** A session travels in a cookie, which a browser adds by itself: such writes must show their Origin. */
    public enum Means {
        NONE,
        TOKEN,
        SOCKET,
        SESSION
    }

    boolean isKnown() {
        return means != Means.NONE;
    }
}
