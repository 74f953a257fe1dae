package io.tulle.proxy.resilience;

import io.tulle.model.policy.ConnectionLimits;

/**
 * What one sidecar may hold towards one cluster, counted over all its event loops and carried from plan to plan. What is
 * over a limit is refused at once with flag UO, never queued.
 */
public record Limits(ConnectionLimits spec, Breaker connections, Breaker pending, Breaker requests, Breaker retries) {

    public static Limits of(ConnectionLimits spec) {
        return new Limits(
                spec,
                Breaker.of(spec.connections()),
                Breaker.of(spec.pendingRequests()),
                Breaker.of(spec.requests()),
                Breaker.of(spec.retries()));
    }

    /** For the next plan: the same counts, since what is in use stays in use. */
    public Limits with(ConnectionLimits next) {
        return new Limits(
                next,
                connections.with(next.connections()),
                pending.with(next.pendingRequests()),
                requests.with(next.requests()),
                retries.with(next.retries()));
    }

    /**
     * Whether an event loop may open a connection; then it is counted and {@code connections().giveBack()} follows when
     * it closes. A loop that has none towards the cluster always may, as Envoy's workers do: otherwise the loops that
     * came late would never serve a request.
     */
    public boolean tryConnect(boolean loopHasNone) {
        if (connections.tryTake()) return true;
        if (loopHasNone) connections.take();
        return loopHasNone;
    }
}
