package io.tulle.labs.load;

/** On which connections requests go out. */
public enum Connections {
    /** On one that is idle, in turn; on a new one, which then stays, when none is. */
    REUSED,
    /** Each on a connection of its own, announced as such ({@code connection: close}). */
    FRESH,
    /** Even ones fresh, odd ones reused. */
    MIXED;

    boolean fresh(long index) {
        return this == FRESH || (this == MIXED && index % 2 == 0);
    }
}
