package io.tulle.proxy.resilience;

import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many of one thing may be in use at one time, over all event loops. Exact: never more than the limit are granted,
 * however many loops ask at once (Envoy's own counters can overshoot by one a worker).
 */
public final class Breaker {
    private final int limit;
    private final AtomicInteger used; // shared with the breaker of the plan before

    private Breaker(int limit, AtomicInteger used) {
        this.limit = limit;
        this.used = used;
    }

    /** @param limit empty for none; what is in use is counted all the same */
    public static Breaker of(OptionalInt limit) {
        return new Breaker(limit.orElse(Integer.MAX_VALUE), new AtomicInteger());
    }

    /** The same count under another limit. What is over a lowered limit stays until it is given back. */
    Breaker with(OptionalInt newLimit) {
        return new Breaker(newLimit.orElse(Integer.MAX_VALUE), used);
    }

    /** Takes one, if the limit allows; each that is taken is given back exactly once. */
    public boolean tryTake() {
        while (true) {
            int now = used.get();
            if (now >= limit) return false;
            if (used.compareAndSet(now, now + 1)) return true;
        }
    }

    /** Takes one whatever the limit; it counts. */
    public void take() {
        used.incrementAndGet();
    }

    /** @throws IllegalStateException when more is given back than was taken: a bug of the caller, never of a peer */
    public void giveBack() {
        if (used.decrementAndGet() < 0) {
            used.incrementAndGet();
            throw new IllegalStateException("given back twice");
        }
    }

    public int inUse() {
        return used.get();
    }

    /** {@link Integer#MAX_VALUE} for no limit. */
    public int limit() {
        return limit;
    }

    /** Whether nothing more would be granted (Envoy's {@code circuit_breakers.*.cx_open}). */
    public boolean isOpen() {
        return used.get() >= limit;
    }
}
