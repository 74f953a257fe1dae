package io.tulle.xds.registry;

/** The answer to a heartbeat. */
public enum Beat {
    KEPT,
    /** The lease is over and the instance withdrawn: it should register again. */
    GONE,
    /** A newer registration speaks for the instance: this one must not register again. */
    REPLACED
}
