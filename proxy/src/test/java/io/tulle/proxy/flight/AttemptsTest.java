package io.tulle.proxy.flight;

import static io.tulle.proxy.flight.Attempts.GiveUp.BODY_GONE;
import static io.tulle.proxy.flight.Attempts.GiveUp.BUDGET;
import static io.tulle.proxy.flight.Attempts.GiveUp.DEADLINE;
import static io.tulle.proxy.flight.Attempts.GiveUp.EXHAUSTED;
import static io.tulle.proxy.flight.Attempts.GiveUp.NOT_RETRIABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.policy.RetryPolicy;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.balance.EndpointSet;
import io.tulle.proxy.resilience.Breaker;
import io.tulle.proxy.resilience.Failure;
import io.tulle.proxy.resilience.Replay;
import io.tulle.proxy.resilience.RetryRules;
import io.tulle.xds.spec.EndpointSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private static final Failure SERVER_ERROR = new Failure.Status(500);
    private static final long START = Long.MAX_VALUE - 5; // nanoTime may stand anywhere, also just before it wraps

    private final Random random = new Random(5);
    private final Breaker budget = Breaker.of(OptionalInt.empty());
    private final Endpoint cart = EndpointSet.compile(
                    List.of(EndpointSpec.of("cart-1", "10.0.0.1", 4000)), 0, EndpointSet.EMPTY)
            .endpoints()
            .getFirst();

    @Test
    void countsAttemptsUntilTheyAreExhausted() {
        var attempts = begin(rules(2, "5xx"), Optional.empty(), budget);
        assertEquals(1, attempts.number());
        assertInstanceOf(Attempts.Again.class, fail(attempts, SERVER_ERROR, START));
        assertInstanceOf(Attempts.Again.class, fail(attempts, SERVER_ERROR, START));
        assertEquals(3, attempts.number());
        assertTrue(attempts.mayRetryStatus(500), "so that it is known as exhausted");
        assertEquals(EXHAUSTED, fail(attempts, SERVER_ERROR, START));
    }

    @Test
    void theRuleOfDefaultRetriesTwice() {
        var attempts = begin(RetryRules.compile(Optional.empty()), Optional.empty(), budget);
        assertInstanceOf(Attempts.Again.class, fail(attempts, Failure.CONNECT_FAILED, START));
        assertInstanceOf(Attempts.Again.class, fail(attempts, Failure.CONNECT_FAILED, START));
        assertEquals(EXHAUSTED, fail(attempts, Failure.CONNECT_FAILED, START));
    }

    @Test
    void aSecondResetOfAReusedConnectionIsNotMadeGood() {
        var attempts = begin(RetryRules.compile(Optional.empty()), Optional.empty(), budget);
        var idleClose = new Failure.ResetBeforeResponse(true, true);
        assertInstanceOf(Attempts.Again.class, fail(attempts, idleClose, START));
        assertEquals(NOT_RETRIABLE, fail(attempts, idleClose, START));
    }

    @Test
    void whatTheRulesDoNotNameIsNotRepeated() {
        assertEquals(NOT_RETRIABLE, fail(begin(rules(2, "reset"), Optional.empty(), budget), SERVER_ERROR, START));
    }

    @Test
    void aBodyThatIsGoneCannotBeSentAgain() {
        var attempts = begin(rules(2, "5xx"), Optional.empty(), budget);
        assertEquals(BODY_GONE, attempts.failed(SERVER_ERROR, Optional.of(cart), false, START, random));
    }

    @Test
    void retriesOnlyWhileBudgetLasts() {
        var one = Breaker.of(OptionalInt.of(1));
        var first = begin(rules(5, "5xx"), Optional.empty(), one);
        var second = begin(rules(5, "5xx"), Optional.empty(), one);
        assertInstanceOf(Attempts.Again.class, fail(first, SERVER_ERROR, START));
        assertEquals(BUDGET, fail(second, SERVER_ERROR, START));
        assertInstanceOf(Attempts.Again.class, fail(first, SERVER_ERROR, START), "its own place is its to reuse");
        first.end();
        first.end();
        second.end();
        assertEquals(0, one.inUse());
        assertInstanceOf(Attempts.Again.class, fail(second, SERVER_ERROR, START));
    }

    @Test
    void givingUpGivesTheBudgetBackAtOnce() {
        var one = Breaker.of(OptionalInt.of(1));
        var attempts = begin(rules(1, "5xx"), Optional.empty(), one);
        assertInstanceOf(Attempts.Again.class, fail(attempts, SERVER_ERROR, START));
        assertEquals(EXHAUSTED, fail(attempts, SERVER_ERROR, START));
        assertEquals(0, one.inUse());
    }

    @Test
    void noAttemptBeginsAfterTheDeadline() {
        var timeout = Duration.ofMillis(100);
        var attempts = begin(rules(5, "5xx"), Optional.of(timeout), budget);
        assertEquals(OptionalLong.of(timeout.toNanos()), attempts.timeLeftNanos(START));
        assertInstanceOf(Attempts.Again.class, fail(attempts, SERVER_ERROR, START + millis(40)));
        assertEquals(OptionalLong.of(millis(60)), attempts.timeLeftNanos(START + millis(40)));
        assertEquals(DEADLINE, fail(attempts, SERVER_ERROR, START + millis(100)));
        assertEquals(OptionalLong.of(0), attempts.timeLeftNanos(START + millis(150)));
    }

    @Test
    void anAttemptHasItsOwnTimeWithinTheWhole() {
        var rules = RetryRules.compile(Optional.of(new RetryPolicy(
                3, Optional.of(Duration.ofMillis(30)), Set.of(), List.of(), Duration.ofMillis(25), false, true)));
        var attempts = begin(rules, Optional.of(Duration.ofMillis(100)), budget);
        assertEquals(OptionalLong.of(millis(30)), attempts.timeLeftNanos(START));
        assertTrue(attempts.endsBeforeDeadline(START));
        assertEquals(OptionalLong.of(millis(10)), attempts.timeLeftNanos(START + millis(90)));
        assertFalse(attempts.endsBeforeDeadline(START + millis(90)));
        assertTrue(begin(rules, Optional.empty(), budget).endsBeforeDeadline(START));
    }

    @Test
    void withoutAnyTimeoutAnAttemptMayTakeForEver() {
        var attempts = begin(rules(1), Optional.empty(), budget);
        assertEquals(OptionalLong.empty(), attempts.timeLeftNanos(START));
        assertFalse(attempts.endsBeforeDeadline(START));
    }

    @Test
    void backsOffWithFullJitterDoublingUpToTenTimes() {
        long[] longest = new long[7];
        long[] sum = new long[7];
        int tries = 2_000;
        for (int i = 0; i < tries; i++) {
            var attempts = begin(rules(7, "5xx"), Optional.empty(), budget);
            for (int n = 0; n < 7; n++) {
                var again = assertInstanceOf(Attempts.Again.class, fail(attempts, SERVER_ERROR, START));
                longest[n] = Math.max(longest[n], again.delayNanos());
                sum[n] += again.delayNanos();
            }
            attempts.end();
        }
        var steps = List.of(25, 50, 100, 200, 250, 250, 250);
        for (int n = 0; n < 7; n++) {
            long step = millis(steps.get(n));
            assertTrue(longest[n] < step && longest[n] > step * 0.98, "retry " + (n + 1) + ": " + longest[n]);
            assertEquals(step / 2.0, (double) sum[n] / tries, step * 0.04, "retry " + (n + 1));
        }
    }

    @Test
    void remembersWhereItWentUnlessTheSameHostWillDo() {
        var attempts = begin(rules(3, "5xx"), Optional.empty(), budget);
        assertEquals(List.of(), attempts.toAvoid());
        fail(attempts, SERVER_ERROR, START);
        assertEquals(List.of(cart), attempts.toAvoid());
        var same = RetryRules.compile(Optional.of(
                new RetryPolicy(3, Optional.empty(), Set.of(), List.of(), Duration.ofMillis(25), false, false)));
        var stays = begin(same, Optional.empty(), budget);
        fail(stays, Failure.CONNECT_FAILED, START);
        assertEquals(List.of(), stays.toAvoid());
    }

    private static RetryRules rules(int attempts, String... on) {
        var conditions = Stream.of(on)
                .map(name -> RetryPolicy.Condition.parse(name).orElseThrow())
                .collect(Collectors.toSet());
        return RetryRules.compile(Optional.of(new RetryPolicy(
                attempts, Optional.empty(), conditions, List.of(), Duration.ofMillis(25), false, true)));
    }

    private Attempts.Next fail(Attempts attempts, Failure failure, long now) {
        return attempts.failed(failure, Optional.of(cart), true, now, random);
    }

    private static Attempts begin(RetryRules rules, Optional<Duration> timeout, Breaker budget) {
        return Attempts.begin(rules, rules.retries(), Replay.HARMLESS, timeout, budget, START);
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
