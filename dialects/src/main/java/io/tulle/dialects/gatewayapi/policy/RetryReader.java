package io.tulle.dialects.gatewayapi.policy;

import io.tulle.dialects.field.Durations;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Repeats;
import io.tulle.model.policy.RetryPolicy;
import io.tulle.model.policy.RetryPolicy.Condition;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code retry}, and {@code timeouts.backendRequest}, which bounds each attempt. */
final class RetryReader implements RulePolicyReader {
    private static final Duration BACKOFF = Duration.ofMillis(25);

    @Override
    public Optional<RetryPolicy> read(FieldReader rule, Timeouts timeouts) {
        return rule.object("retry", retry -> retry(retry, timeouts))
                .or(() -> timeouts.attempt().map(RetryReader::perTryAlone));
    }

    private static RetryPolicy retry(FieldReader retry, Timeouts timeouts) {
        var codes = retry.integers("codes", 400, 599);
        Repeats.report(retry, "codes", codes);
        var on = EnumSet.of(Condition.CONNECT_FAILURE, Condition.REFUSED_STREAM);
        if (!codes.isEmpty()) on.add(Condition.RETRIABLE_STATUS_CODES);
        return new RetryPolicy(
                retry.integer("attempts", 1, 1_000).orElse(1),
                timeouts.attempt(),
                on,
                codes,
                retry.duration("backoff", Durations.GATEWAY)
                        .filter(d -> !d.isZero())
                        .orElse(BACKOFF),
                false,
                true);
    }

    /** The house's default for what surely was not delivered, with a limit to each attempt. */
    private static RetryPolicy perTryAlone(Duration attempt) {
        return new RetryPolicy(
                2,
                Optional.of(attempt),
                Set.of(Condition.CONNECT_FAILURE, Condition.REFUSED_STREAM),
                List.of(),
                BACKOFF,
                false,
                true);
    }
}
