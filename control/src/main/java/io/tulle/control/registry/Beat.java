package io.tulle.control.registry;

/** The answer to a heartbeat. */
public enum Beat {
    KEPT,
    /** A newer registration speaks for this instance; this one must not register again. */
    REPLACED,
    /** The lease is over and the instance withdrawn; it should register again. */
    GONE
}
