package io.tulle.model.policy;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What one sidecar may hold open towards one cluster (Istio's ConnectionPoolSettings, Envoy's CircuitBreakers). An empty
 * limit is no limit. What is over a limit is refused at once with flag UO.
 *
 * @param connectTimeout how long a connection may take to open (Istio's default: 10 s)
 * @param idleTimeout after how long an unused pooled connection is closed; under 5 s, because Node closes idle ones then
 */
public record ConnectionLimits(
        OptionalInt connections,
        OptionalInt pendingRequests,
        OptionalInt requests,
        OptionalInt retries,
        OptionalInt requestsPerConnection,
        Duration connectTimeout,
        Duration idleTimeout) {
    public static final ConnectionLimits DEFAULT = new ConnectionLimits(
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Duration.ofSeconds(10),
            Duration.ofSeconds(4));
}
