package io.tulle.proxy.report;

import java.util.List;

/** Told of every exchange once, when it is over, on its event loop: must be quick and must not block. */
@FunctionalInterface
public interface ExchangeListener {
    void ended(ExchangeReport report);

    /** Of a copy of a request that went to a mirror, or came to nothing on its way there. */
    default void copied(String cluster, Copied what) {}

    /** What became of a copy. */
    enum Copied {
        /** All of it was handed to the mirror's connection. */
        SENT,
        /** A bound was reached; the real request never waits for a copy. */
        DROPPED,
        /** The mirror has no endpoint, or could not be reached, or the caller gave up before its request was whole. */
        FAILED
    }

    /** Tells several, in order. */
    static ExchangeListener all(List<ExchangeListener> listeners) {
        return new ExchangeListeners(listeners);
    }
}
