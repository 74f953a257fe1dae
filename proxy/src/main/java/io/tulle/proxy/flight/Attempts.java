package io.tulle.proxy.flight;

import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.resilience.Breaker;
import io.tulle.proxy.resilience.Failure;
import io.tulle.proxy.resilience.Limits;
import io.tulle.proxy.resilience.Replay;
import io.tulle.proxy.resilience.RetryRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * The attempts of one flight: how many, until when, and where they went. Belongs to the flight's event loop. Times
 * are those of one monotonic clock, in nanoseconds ({@link System#nanoTime()}'s kind: only differences mean anything).
 *
 * <pre>
 *   begin ──▶ attempt ──failed()──▶ Again(delay) ──▶ attempt …
 *                │                      │
 *                │ succeeded            └──▶ GiveUp(why)
 *                ▼                               ▼
 *               end()  ◀─────────────────────────┘     exactly once, gives back what the budget granted
 * </pre>
 */
final class Attempts {
    /** Envoy's: the longest back-off is ten times the first. */
    private static final int LONGEST_BACKOFF = 10;

    private final RetryRules rules;
    private final int most;
    private final Replay replay;
    private final Breaker budget;
    private final OptionalLong deadlineNanos;
    private List<Endpoint> tried = List.of();
    private int retries;
    private boolean resetRepeated;
    private boolean holdsBudget;

    private Attempts(RetryRules rules, int most, Replay replay, Breaker budget, OptionalLong deadlineNanos) {
        this.rules = rules;
        this.most = most;
        this.replay = replay;
        this.budget = budget;
        this.deadlineNanos = deadlineNanos;
    }

    /**
     * @param most how many retries there may be, within what the rules allow
     * @param timeout the route's, for all attempts together; empty for none
     * @param budget the cluster's retries breaker, {@link Limits#retries()}
     */
    public static Attempts begin(
            RetryRules rules, int most, Replay replay, Optional<Duration> timeout, Breaker budget, long nowNanos) {
        var deadline = timeout.map(t -> OptionalLong.of(nowNanos + t.toNanos())).orElse(OptionalLong.empty());
        return new Attempts(rules, most, replay, budget, deadline);
    }

    /** 1 for the first. */
    public int number() {
        return retries + 1;
    }

    /** Endpoints to avoid in the next attempt: none where the policy allows the same one. */
    public List<Endpoint> toAvoid() {
        return rules.otherHost() ? tried : List.of();
    }

    /** When the flight must be over; empty for never. */
    public OptionalLong deadlineNanos() {
        return deadlineNanos;
    }

    /** How long the attempt that begins now may take: the shorter of its own time and what is left; empty for ever. */
    public OptionalLong timeLeftNanos(long nowNanos) {
        var left = deadlineNanos.isPresent() ? Math.max(0, deadlineNanos.getAsLong() - nowNanos) : Long.MAX_VALUE;
        var own = rules.perTry().isPresent() ? rules.perTry().get().toNanos() : Long.MAX_VALUE;
        var shorter = Math.min(left, own);
        return shorter == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(shorter);
    }

    /** Whether the attempt's own time would be over before the deadline: then its end is a {@link Failure.PerTryTimeout}. */
    public boolean endsBeforeDeadline(long nowNanos) {
        return rules.perTry().isPresent()
                && (deadlineNanos.isEmpty() || rules.perTry().get().toNanos() < deadlineNanos.getAsLong() - nowNanos);
    }

    /**
     * Whether an answer of this status is worth asking {@link #failed} about, be it only to learn that the retries are
     * exhausted (URX). Cheap; asked for every answer.
     */
    public boolean mayRetryStatus(int status) {
        return most > 0 && rules.mayRetryStatus(replay, status);
    }

    /**
     * Says what follows a failed attempt.
     *
     * @param at where it went; empty when no endpoint was chosen
     * @param replayable whether the request can be sent again: its body was kept, or none was sent yet
     */
    public Next failed(
            Failure failure, Optional<Endpoint> at, boolean replayable, long nowNanos, RandomGenerator random) {
        at.ifPresent(this::remember);
        giveBackBudget();
        if (!rules.allow(failure, replay, resetRepeated)) return GiveUp.NOT_RETRIABLE;
        if (!replayable) return GiveUp.BODY_GONE;
        if (retries >= most) return GiveUp.EXHAUSTED;
        var delay = backoff(random);
        if (deadlineNanos.isPresent() && deadlineNanos.getAsLong() - nowNanos <= delay) return GiveUp.DEADLINE;
        if (!budget.tryTake()) return GiveUp.BUDGET;
        holdsBudget = true;
        retries++;
        if (RetryRules.isIdleClose(failure, replay)) resetRepeated = true;
        return new Again(delay);
    }

    /** Ends the flight's attempts, however it ended; calling it twice does nothing more. */
    public void end() {
        giveBackBudget();
    }

    /** Full jitter: anything from nothing to the step of this retry, which doubles up to ten times the first. */
    private long backoff(RandomGenerator random) {
        var base = rules.backoffBase().toNanos();
        var step = Math.min(base << Math.min(retries, 4), base * LONGEST_BACKOFF);
        return step <= 0 ? 0 : random.nextLong(step);
    }

    private void remember(Endpoint endpoint) {
        if (tried.isEmpty()) tried = new ArrayList<>(2);
        tried.add(endpoint);
    }

    private void giveBackBudget() {
        if (holdsBudget) budget.giveBack();
        holdsBudget = false;
    }

    /** What follows a failed attempt. */
    public sealed interface Next {}

    /** Another attempt, after a while. */
    public record Again(long delayNanos) implements Next {}

    /** The caller is told of the failure. */
    public enum GiveUp implements Next {
        /** The rules do not repeat this failure. */
        NOT_RETRIABLE,
        /** They would, but the body has gone and was not kept. */
        BODY_GONE,
        /** As many retries as allowed were made: flag URX. */
        EXHAUSTED,
        /** No time is left for another. */
        DEADLINE,
        /** Too many retries are under way towards the cluster: flag UO. */
        BUDGET
    }
}
