package io.tulle.dialects.istio.policy;

import io.tulle.dialects.field.Durations;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.model.policy.TimeoutPolicy;
import java.util.Optional;

/** {@code timeout}. */
final class TimeoutReader implements RoutePolicyReader {
    @Override
    public Optional<TimeoutPolicy> read(FieldReader route, Context context) {
        return route.duration("timeout", Durations.ISTIO).map(TimeoutPolicy::new);
    }
}
