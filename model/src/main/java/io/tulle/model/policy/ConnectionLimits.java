package io.tulle.model.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one sidecar may hold open towards one cluster (Istio's ConnectionPoolSettings, Envoy's CircuitBreakers). An empty
 * limit is no limit. What is over a limit is refused at once with flag UO.
 *
 * @param connectTimeout how long a connection may take to open (Istio's default: 10 s)
 * @param idleTimeout after how long an unused pooled connection is closed; where nobody said, it depends on whose it is
 */
public record ConnectionLimits(
        OptionalInt connections,
        OptionalInt pendingRequests,
        OptionalInt requests,
        OptionalInt retries,
        OptionalInt requestsPerConnection,
        Duration connectTimeout,
        Optional<Duration> idleTimeout)
        implements DestinationPolicy {
    /** Towards an application: Node closes what idles after 5 s, and who closes second loses a request. */
    public static final Duration APPLICATION_IDLE = Duration.ofSeconds(4);

    /** Towards another sidecar, which keeps it longer: a new one costs both a handshake. */
    public static final Duration SIDECAR_IDLE = Duration.ofMinutes(5);

    public static final ConnectionLimits DEFAULT = new ConnectionLimits(
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Duration.ofSeconds(10),
            Optional.empty());

    /** The same with a timeout, where none was said. */
    public ConnectionLimits orIdle(Duration otherwise) {
        return idleTimeout.isPresent()
                ? this
                : new ConnectionLimits(
                        connections,
                        pendingRequests,
                        requests,
                        retries,
                        requestsPerConnection,
                        connectTimeout,
                        Optional.of(otherwise));
    }
}
