package io.tulle.proxy.resilience;

import io.tulle.model.policy.OutlierPolicy;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.balance.EndpointSet;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;

/**
 * Leaves out endpoints that keep failing (Envoy's outlier detection, the consecutive detectors). It is told of every
 * outcome, from any event loop, and somebody calls {@link #sweep} every {@link #interval()}: time comes with each call.
 * The counts live with the endpoints, so that a new plan's detector goes on where the one before stopped.
 *
 * <p>An n-th ejection lasts n times the base, at most {@link #LONGEST} (Envoy's {@code max_ejection_time}); each sweep in
 * good health takes one off n. An ejected endpoint comes back at the first sweep after its time.
 */
public final class OutlierDetector {
    /** Envoy's default for {@code max_ejection_time}; a longer base stands for itself. */
    static final Duration LONGEST = Duration.ofMinutes(5);

    private static final int UNWRITTEN_CONSECUTIVE = 5;

    private final OutlierPolicy policy;
    private final EndpointSet endpoints;
    private final int serverErrors;
    private final int gatewayErrors;
    private final int localErrors;
    private final Lock ejecting; // held for microseconds, and only when an ejection may follow

    private OutlierDetector(OutlierPolicy policy, EndpointSet endpoints) {
        this.policy = policy;
        this.endpoints = endpoints;
        this.serverErrors = policy.consecutive5xx().orElse(UNWRITTEN_CONSECUTIVE);
        this.gatewayErrors = policy.consecutiveGateway().orElse(0);
        this.localErrors = policy.consecutiveLocal().orElse(UNWRITTEN_CONSECUTIVE);
        this.ejecting = endpoints.ejecting();
    }

    public static OutlierDetector of(OutlierPolicy policy, EndpointSet endpoints) {
        return new OutlierDetector(policy, endpoints);
    }

    /** How often {@link #sweep} is to be called. */
    public Duration interval() {
        return policy.interval();
    }

    /** An answer came; for gRPC, its status as HTTP ({@link GrpcStatuses#asHttp}). */
    public void answered(Endpoint endpoint, int status, long nowNanos) {
        if (policy.splitLocalErrors()) endpoint.state().localErrors().set(0);
        count(endpoint, status, nowNanos);
    }

    /**
     * No answer came: the connection failed, broke, or the time was over. Counts as a 503 unless the policy keeps such
     * failures apart.
     */
    public void unanswered(Endpoint endpoint, long nowNanos) {
        if (policy.splitLocalErrors()) {
            step(endpoint, endpoint.state().localErrors(), localErrors, nowNanos);
        } else {
            count(endpoint, 503, nowNanos);
        }
    }

    /** Lets those back in whose time is over. */
    public void sweep(long nowNanos) {
        ejecting.lock();
        try {
            for (var endpoint : endpoints.endpoints()) {
                var state = endpoint.state();
                if (!state.isEjected()) {
                    state.ejectionFactor(Math.max(0, state.ejectionFactor() - 1));
                } else if (nowNanos - state.ejectedAtNanos() >= lengthNanos(state.ejectionFactor())) {
                    endpoints.readmit(endpoint);
                }
            }
        } finally {
            ejecting.unlock();
        }
    }

    private void count(Endpoint endpoint, int status, long nowNanos) {
        var state = endpoint.state();
        if (status < 500) {
            calm(state.serverErrors());
            calm(state.gatewayErrors());
            return;
        }
        if (status >= 502 && status <= 504) step(endpoint, state.gatewayErrors(), gatewayErrors, nowNanos);
        else calm(state.gatewayErrors());
        step(endpoint, state.serverErrors(), serverErrors, nowNanos);
    }

    /** Zero again, written only where it is not: every good answer comes here, on every loop. */
    private static void calm(AtomicInteger counter) {
        if (counter.get() != 0) counter.set(0);
    }

    private void step(Endpoint endpoint, AtomicInteger counter, int threshold, long nowNanos) {
        if (threshold == 0 || counter.incrementAndGet() < threshold) return;
        counter.set(0); // whether or not it is ejected: the next row counts anew
        eject(endpoint, nowNanos);
    }

    private void eject(Endpoint endpoint, long nowNanos) {
        ejecting.lock();
        try {
            if (endpoint.state().isEjected() || !mayEjectOneMore()) return;
            var factor = endpoint.state().ejectionFactor();
            if (lengthNanos(factor) < longestNanos()) endpoint.state().ejectionFactor(factor + 1);
            endpoints.eject(endpoint, nowNanos);
        } finally {
            ejecting.unlock();
        }
    }

    /** As Envoy since 1.31: strictly the share, so that 10 % of two endpoints is none. */
    private boolean mayEjectOneMore() {
        var all = endpoints.endpoints();
        var out = all.stream().filter(e -> e.state().isEjected()).count() + 1;
        return out * 100 <= (long) policy.maxEjectionPercent() * all.size();
    }

    private long lengthNanos(int factor) {
        return Math.min(longestNanos(), policy.baseEjection().toNanos() * factor);
    }

    private long longestNanos() {
        return Math.max(LONGEST.toNanos(), policy.baseEjection().toNanos());
    }
}
