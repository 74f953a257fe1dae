package io.tulle.proxy.report;

/** Told of every exchange once, when it is over, on its event loop: must be quick and must not block. */
@FunctionalInterface
public interface ExchangeListener {
    void ended(ExchangeReport report);

    /** Tells several, in order. */
    static ExchangeListener all(java.util.List<ExchangeListener> listeners) {
        var copy = java.util.List.copyOf(listeners);
        return report -> copy.forEach(listener -> listener.ended(report));
    }
}
