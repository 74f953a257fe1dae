package io.tulle.proxy.balance;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is known of one endpoint beyond its spec. It outlives plans: the same instance at the same address keeps its
 * state. Any event loop may touch it; the counters are exact, the rest is read as it was a moment ago.
 *
 * <pre>
 *            eject (n-th time)
 *   in use ───────────────────▶ ejected
 *      ▲                           │
 *      └───────────────────────────┘ readmit, at the sweep after its time is over
 * </pre>
 */
public final class EndpointState {
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicInteger serverErrors = new AtomicInteger();
    private final AtomicInteger gatewayErrors = new AtomicInteger();
    private final AtomicInteger localErrors = new AtomicInteger();
    private volatile boolean ejected;

    // When it came; nobody knows of those that were there before the first plan.
    private volatile boolean came;
    private volatile long cameAtNanos;

    // Touched by the outlier detector alone, under its lock.
    private int ejectionFactor;
    private long ejectedAtNanos;

    /** Counts a request in; {@link #requestEnded()} must follow exactly once, however it ends. */
    public void requestStarted() {
        active.incrementAndGet();
    }

    /** @throws IllegalStateException when more requests end than started: a bug of the caller, never of a peer */
    public void requestEnded() {
        if (active.decrementAndGet() < 0) {
            active.incrementAndGet();
            throw new IllegalStateException("a request ended twice");
        }
    }

    /** Requests in flight, over all event loops. */
    public int active() {
        return active.get();
    }

    public boolean isEjected() {
        return ejected;
    }

    /** Server errors (5xx) in a row. */
    public AtomicInteger serverErrors() {
        return serverErrors;
    }

    /** Gateway errors (502, 503, 504) in a row. */
    public AtomicInteger gatewayErrors() {
        return gatewayErrors;
    }

    /** Failures in a row that never reached the endpoint, or that it never answered. */
    public AtomicInteger localErrors() {
        return localErrors;
    }

    /** By how many times the base the next ejection is longer; falls by one at each sweep in good health (as Envoy's). */
    public int ejectionFactor() {
        return ejectionFactor;
    }

    public void ejectionFactor(int factor) {
        ejectionFactor = factor;
    }

    public long ejectedAtNanos() {
        return ejectedAtNanos;
    }

    /** It is there from now on, as something new. */
    void came(long nowNanos) {
        cameAtNanos = nowNanos;
        came = true;
    }

    /** For how long it has been there. */
    long ageNanos(long nowNanos) {
        return came ? nowNanos - cameAtNanos : Long.MAX_VALUE;
    }

    void eject(long nowNanos) {
        ejectedAtNanos = nowNanos;
        ejected = true;
    }

    void readmit() {
        serverErrors.set(0);
        gatewayErrors.set(0);
        localErrors.set(0);
        ejected = false;
    }
}
