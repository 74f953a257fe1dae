package io.tulle.dialects.istio.policy;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.Durations;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Retrying;
import io.tulle.model.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Istio's HTTPRetry. */
final class RetryReader implements RoutePolicyReader {
    private static final Duration BACKOFF = Duration.ofMillis(25);

    @Override
    public Optional<RetryPolicy> read(FieldReader route, Context context) {
        return route.object("retries", RetryReader::retries);
    }

    private static RetryPolicy retries(FieldReader retries) {
        var attempts = retries.integer("attempts", 0, 1_000);
        if (attempts.orElse(retries.has("attempts") ? 1 : 0) == 0) requireNoHow(retries);

        var on = EnumSet.noneOf(RetryPolicy.Condition.class);
        var statuses = new ArrayList<Integer>();
        var written = retries.text("retryOn").filter(text -> !text.isBlank());
        for (var word : written.orElse(Retrying.ISTIO_DEFAULT).split(","))
            condition(retries, word.strip(), on, statuses);
        if (!statuses.isEmpty()) on.add(RetryPolicy.Condition.RETRIABLE_STATUS_CODES);
        return new RetryPolicy(
                attempts.orElse(0),
                retries.duration("perTryTimeout", Durations.ISTIO),
                on,
                statuses,
                retries.duration("backoff", Durations.ISTIO).orElse(BACKOFF),
                false,
                retries.flag("retryIgnorePreviousHosts", true));
    }

    /** Without attempts Istio retries nothing; whoever then says how to retry meant something else. */
    private static void requireNoHow(FieldReader retries) {
        var without = retries.has("attempts") ? "beside attempts: 0" : "without attempts";
        var how = Stream.of("perTryTimeout", "retryOn", "retryRemoteLocalities")
                .filter(field -> retries.has(field) && !retries.isEmptyText(field))
                .toList();
        if (!how.isEmpty()) {
            retries.problem(Codes.RETRIES_OFF, "", "sets " + String.join(" and ", how) + " " + without);
        } else if (!retries.has("attempts")) {
            retries.warning(
                    Codes.NO_EFFECT, "", "has no attempts, so nothing is retried", "set attempts: 2, or attempts: 0");
        }
    }

    private static void condition(
            FieldReader retries, String word, Set<RetryPolicy.Condition> on, List<Integer> statuses) {
        if (word.matches("[1-5][0-9][0-9]")) {
            statuses.add(Integer.parseInt(word));
            return;
        }
        RetryPolicy.Condition.parse(word).ifPresentOrElse(on::add, () -> Retrying.refuse(retries, "retryOn", word));
    }
}
