package io.tulle.dialects.kind;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.field.Suggestion;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.RetryPolicy;
import io.tulle.model.world.RouteRule;
import java.util.Arrays;
import java.util.List;

/** The house's rule for replaying methods that are not idempotent, and Istio's words for when to retry. */
public final class Retrying {
    /** What Istio retries on where {@code retries} does not say. */
    public static final String ISTIO_DEFAULT =
            "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes";

    /** Envoy's further conditions: known, and not acted on. */
    private static final List<String> ENVOY_ONLY =
            List.of("envoy-ratelimited", "retriable-headers", "http3-post-connect-failure");

    private Retrying() {}

    /** The rule with its retries allowed for every method exactly where each of its matches names the method. */
    public static RouteRule judged(RouteRule rule) {
        var named = !rule.matches().isEmpty() && rule.matches().stream().allMatch(Retrying::namesMethod);
        return rule.policies()
                .of(RetryPolicy.class)
                .map(retry -> rule.with(forAnyMethod(retry, named)))
                .orElse(rule);
    }

    /** Reports a word that is no retry condition, or one that Envoy alone has. */
    public static void refuse(FieldReader retries, String field, String word) {
        if (ENVOY_ONLY.contains(word)) {
            retries.notActedOn(field, word);
            return;
        }
        var known = Arrays.stream(RetryPolicy.Condition.values())
                .map(RetryPolicy.Condition::written)
                .sorted()
                .toList();
        var meant =
                Suggestion.of(word, known).map(w -> "did you mean " + w + "? ").orElse("");
        retries.problem(
                Codes.OUT_OF_RANGE,
                field,
                "cannot be '" + word + "'",
                meant + "write statuses, or some of " + String.join(", ", known));
    }

    private static boolean namesMethod(RequestMatch match) {
        return match.method().filter(TextMatch.Exact.class::isInstance).isPresent();
    }

    private static RetryPolicy forAnyMethod(RetryPolicy retry, boolean named) {
        return new RetryPolicy(
                retry.attempts(),
                retry.perTry(),
                retry.on(),
                retry.statuses(),
                retry.backoffBase(),
                named,
                retry.otherHost());
    }
}
