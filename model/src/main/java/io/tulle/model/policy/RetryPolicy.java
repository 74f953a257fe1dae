package io.tulle.model.policy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * When and how often a request goes again (Istio's HTTPRetry, Envoy's RetryPolicy).
 *
 * @param attempts how many retries at most, beyond the first attempt; 0 turns retries off
 * @param perTry how long one attempt may take; empty means the route's timeout
 * @param backoffBase the first back-off; later ones double up to ten times it, with full jitter (Envoy: 25 ms)
 * @param nonIdempotent whether POST and PATCH may be replayed under {@code on}: true only where the route matches the
 *     method by name (house rule; see docs/reference/defaults.md)
 */
public record RetryPolicy(
        int attempts,
        Optional<Duration> perTry,
        Set<Condition> on,
        List<Integer> statuses,
        Duration backoffBase,
        boolean nonIdempotent,
        boolean otherHost)
        implements RoutePolicy {
    public RetryPolicy {
        if (attempts < 0) throw new IllegalArgumentException("attempts cannot be negative: " + attempts);
        on = Set.copyOf(on);
        statuses = statuses.stream().sorted().distinct().toList();
    }

    /** Conditions by Envoy's names (config.route.v3.RetryPolicy.retry_on and the x-envoy-retry-on documentation). */
    public enum Condition {
        SERVER_ERROR("5xx"),
        GATEWAY_ERROR("gateway-error"),
        RESET("reset"),
        RESET_BEFORE_REQUEST("reset-before-request"),
        CONNECT_FAILURE("connect-failure"),
        REFUSED_STREAM("refused-stream"),
        RETRIABLE_4XX("retriable-4xx"),
        RETRIABLE_STATUS_CODES("retriable-status-codes"),
        CANCELLED("cancelled"),
        DEADLINE_EXCEEDED("deadline-exceeded"),
        INTERNAL("internal"),
        RESOURCE_EXHAUSTED("resource-exhausted"),
        UNAVAILABLE("unavailable");

        private final String written;

        Condition(String written) {
            this.written = written;
        }

        /** The name as written in {@code retryOn}. */
        public String written() {
            return written;
        }

        public static Optional<Condition> parse(String text) {
            for (var condition : values()) {
                if (condition.written.equals(text)) return Optional.of(condition);
            }
            return Optional.empty();
        }
    }
}
