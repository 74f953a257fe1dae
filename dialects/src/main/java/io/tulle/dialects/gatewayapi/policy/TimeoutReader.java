package io.tulle.dialects.gatewayapi.policy;

import io.tulle.dialects.field.FieldReader;
import io.tulle.model.policy.TimeoutPolicy;
import java.util.Optional;

/** {@code timeouts.request}. */
final class TimeoutReader implements RulePolicyReader {
    @Override
    public Optional<TimeoutPolicy> read(FieldReader rule, Timeouts timeouts) {
        return timeouts.request().map(TimeoutPolicy::new);
    }
}
