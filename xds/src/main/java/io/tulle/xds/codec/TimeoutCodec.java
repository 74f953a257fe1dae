package io.tulle.xds.codec;

import io.tulle.model.policy.TimeoutPolicy;
import java.time.Duration;
import java.util.Optional;

/** Envoy's route timeout, where unset is 15 s and 0 is none. */
final class TimeoutCodec implements RoutePolicyCodec<TimeoutPolicy> {
    private static final Duration ENVOY_TIMEOUT = Duration.ofSeconds(15);

    @Override
    public Class<TimeoutPolicy> kind() {
        return TimeoutPolicy.class;
    }

    @Override
    public void encode(Optional<TimeoutPolicy> policy, Writing into) {
        var limit = policy.map(TimeoutPolicy::limit).orElse(Duration.ZERO);
        into.forward().ifPresent(forward -> forward.setTimeout(Wellknown.duration(limit)));
    }

    @Override
    public Optional<TimeoutPolicy> decode(Source from) {
        return from.forward()
                .map(forward -> forward.duration("timeout").orElse(ENVOY_TIMEOUT))
                .filter(limit -> !limit.isZero())
                .map(TimeoutPolicy::new);
    }
}
