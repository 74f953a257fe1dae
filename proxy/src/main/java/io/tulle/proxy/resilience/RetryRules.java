package io.tulle.proxy.resilience;

import io.tulle.model.policy.RetryPolicy;
import io.tulle.model.policy.RetryPolicy.Condition;
import io.tulle.proxy.policy.PolicyPlan;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a failed attempt may be followed by another, by the house's rule.
 *
 * <ul>
 *   <li>Always, for every method: what surely was not delivered (no connection, a refused stream, not one byte sent).
 *   <li>Once, for idempotent methods: a reset of a reused connection, which is a server closing an idle one.
 *   <li>With a policy, besides: its conditions by name, with Envoy's meaning (x-envoy-retry-on, x-envoy-retry-grpc-on);
 *       for POST and PATCH only where the route matches the method by name.
 *   <li>With {@code attempts: 0}: never.
 * </ul>
 *
 * Nothing goes again once the answer has begun. Immutable.
 */
public final class RetryRules implements PolicyPlan {
    /** Istio's default number of retries, and Envoy's first back-off. */
    private static final RetryPolicy UNWRITTEN =
            new RetryPolicy(2, Optional.empty(), Set.of(), List.of(), Duration.ofMillis(25), false, true);

    /** The rule where a route says nothing of retries. */
    public static final RetryRules UNSAID = new RetryRules(UNWRITTEN);

    private final RetryPolicy policy;
    private final EnumSet<Condition> on;

    private RetryRules(RetryPolicy policy) {
        this.policy = policy;
        this.on = EnumSet.noneOf(Condition.class);
        on.addAll(policy.on());
    }

    /** @param policy empty for the rule of default */
    public static RetryRules compile(Optional<RetryPolicy> policy) {
        return policy.map(RetryRules::new).orElse(UNSAID);
    }

    /** The most retries beyond the first attempt. */
    public int retries() {
        return policy.attempts();
    }

    /** How long one attempt may take; empty leaves it the whole time of the route. */
    public Optional<Duration> perTry() {
        return policy.perTry();
    }

    /** Whether another attempt goes to another endpoint where there is one. */
    public boolean otherHost() {
        return policy.otherHost();
    }

    /** The longest first pause; later ones double. */
    public Duration backoffBase() {
        return policy.backoffBase();
    }

    /**
     * Whether any retry could ever follow an answer of this status, so that an answer which cannot be retried is passed
     * on without more ado. Below 400 none can.
     */
    public boolean mayRetryStatus(Replay replay, int status) {
        return status >= 400 && byPolicy(replay) && isNamedStatus(status);
    }

    /** @param resetRepeated whether a reset of a reused connection was made good already */
    public boolean allow(Failure failure, Replay replay, boolean resetRepeated) {
        if (policy.attempts() == 0) return false;
        return isUndelivered(failure)
                || (isIdleClose(failure, replay) && !resetRepeated)
                || (byPolicy(replay) && isNamed(failure));
    }

    /** Whether it is, most likely, a server that closed an idle connection. */
    public static boolean isIdleClose(Failure failure, Replay replay) {
        return replay == Replay.HARMLESS
                && failure instanceof Failure.ResetBeforeResponse reset
                && reset.reusedConnection();
    }

    private static boolean isUndelivered(Failure failure) {
        return switch (failure) {
            case Failure.ConnectFailed _, Failure.RefusedStream _ -> true;
            case Failure.ResetBeforeResponse reset -> !reset.requestSent();
            case Failure.ResetAfterHeaders _, Failure.Status _, Failure.GrpcStatus _, Failure.PerTryTimeout _ -> false;
        };
    }

    private boolean byPolicy(Replay replay) {
        return replay != Replay.ACTS_TWICE || policy.nonIdempotent();
    }

    private boolean isNamed(Failure failure) {
        return switch (failure) {
            // Envoy counts a broken attempt as the 5xx that it would become (RetryStateImpl, reset reasons).
            case Failure.ConnectFailed _,
                    Failure.RefusedStream _,
                    Failure.ResetBeforeResponse _,
                    Failure.PerTryTimeout _ ->
                has(Condition.RESET) || has(Condition.SERVER_ERROR) || has(Condition.GATEWAY_ERROR);
            case Failure.ResetAfterHeaders _ -> false;
            case Failure.Status(var code) -> isNamedStatus(code);
            case Failure.GrpcStatus(var code) -> isNamedGrpcStatus(code);
        };
    }

    private boolean isNamedStatus(int status) {
        return (has(Condition.SERVER_ERROR) && status >= 500 && status <= 599)
                || (has(Condition.GATEWAY_ERROR) && (status == 502 || status == 503 || status == 504))
                || (has(Condition.RETRIABLE_4XX) && status == 409)
                || (has(Condition.RETRIABLE_STATUS_CODES) && policy.statuses().contains(status));
    }

    private boolean isNamedGrpcStatus(int code) {
        return switch (code) {
            case 1 -> has(Condition.CANCELLED);
            case 4 -> has(Condition.DEADLINE_EXCEEDED);
            case 8 -> has(Condition.RESOURCE_EXHAUSTED);
            case 13 -> has(Condition.INTERNAL);
            case 14 -> has(Condition.UNAVAILABLE);
            default -> false;
        };
    }

    private boolean has(Condition condition) {
        return on.contains(condition);
    }
}
