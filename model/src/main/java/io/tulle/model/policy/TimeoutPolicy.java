package io.tulle.model.policy;

import java.time.Duration;

/**
 * How long a whole exchange may take, retries and back-off included (Istio {@code timeout}, Gateway API {@code
 * timeouts.request}). Zero is no limit, as in Envoy.
 */
public record TimeoutPolicy(Duration limit) implements RoutePolicy {
    @Override
    public void requireSound() {
        if (limit.isNegative()) throw new IllegalArgumentException("its timeout is negative");
    }
}
