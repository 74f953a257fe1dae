package io.tulle.dialects.gatewayapi.policy;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.Durations;
import io.tulle.dialects.field.FieldReader;
import java.time.Duration;
import java.util.Optional;

/** {@code timeouts} of an HTTPRoute's rule; zero is none. */
record Timeouts(Optional<Duration> request, Optional<Duration> attempt) {
    static Timeouts of(FieldReader rule) {
        return rule.object("timeouts", Timeouts::timeouts).orElse(new Timeouts(Optional.empty(), Optional.empty()));
    }

    private static Timeouts timeouts(FieldReader timeouts) {
        var request = timeouts.duration("request", Durations.GATEWAY).filter(d -> !d.isZero());
        var attempt = timeouts.duration("backendRequest", Durations.GATEWAY).filter(d -> !d.isZero());
        if (request.isPresent() && attempt.isPresent() && attempt.get().compareTo(request.get()) > 0) {
            timeouts.problem(Codes.OUT_OF_RANGE, "backendRequest", "is longer than request", "shorten it");
        }
        return new Timeouts(request, attempt);
    }
}
