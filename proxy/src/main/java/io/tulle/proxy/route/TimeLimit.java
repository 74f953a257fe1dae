package io.tulle.proxy.route;

import io.tulle.model.policy.TimeoutPolicy;
import io.tulle.proxy.policy.PolicyPlan;
import java.time.Duration;
import java.util.Optional;

/** How long an exchange may take, retries and back-off included; empty is no limit. */
record TimeLimit(Optional<Duration> limit) implements PolicyPlan {
    static final TimeLimit NONE = new TimeLimit(Optional.empty());

    /** A timeout of zero is Envoy's and Gateway API's way to say none. */
    static TimeLimit compile(TimeoutPolicy policy) {
        return policy.limit().isZero() ? NONE : new TimeLimit(Optional.of(policy.limit()));
    }
}
