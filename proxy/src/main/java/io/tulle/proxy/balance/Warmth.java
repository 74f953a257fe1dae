package io.tulle.proxy.balance;

import io.tulle.model.policy.Balancing.Warmup;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** How much of its weight an endpoint has that came a while ago (Envoy's slow start). Allocates nothing. */
final class Warmth {
    private final long window;
    private final double minimum;
    private final double exponent;
    private final LongSupplier nanos;

    private Warmth(long window, double minimum, double exponent, LongSupplier nanos) {
        this.window = window;
        this.minimum = minimum;
        this.exponent = exponent;
        this.nanos = nanos;
    }

    /** @param nanos the time, of which only differences mean anything */
    static Warmth of(Warmup warmup, LongSupplier nanos) {
        return new Warmth(warmup.window().toNanos(), warmup.minimumPercent() / 100, 1 / warmup.aggression(), nanos);
    }

    /** From the minimum to 1. */
    double of(EndpointState state) {
        var age = state.ageNanos(nanos.getAsLong());
        if (age >= window) return 1;
        return Math.max(minimum, Math.pow((double) Math.max(0, age) / window, exponent));
    }

    /** Whether one that was drawn by its whole weight is taken, so that it is drawn by what it has of it. */
    boolean takes(EndpointState state, RandomGenerator random) {
        var part = of(state);
        return part >= 1 || random.nextDouble() < part;
    }
}
