package io.tulle.proxy.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.policy.RetryPolicy;
import io.tulle.model.policy.RetryPolicy.Condition;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryRulesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET  | connect         | true
            POST | connect         | true
            POST | refused         | true
            POST | unsent          | true
            POST | reset-reused    | false
            POST | reset-new       | false
            GET  | reset-reused    | true
            GET  | reset-new       | false
            PUT  | reset-reused    | true
            nest | reset-reused    | false
            nest | reset-new       | false
            nest | connect         | true
            GET  | after-headers   | false
            GET  | status 503      | false
            GET  | grpc 14         | false
            GET  | per-try         | false
            """)
    void withoutAPolicyOnlyWhatSurelyWasNotDeliveredGoesAgain(String method, String failure, boolean again) {
        assertEquals(again, RetryRules.compile(Optional.empty()).allow(failure(failure), replay(method), false));
    }

    @Test
    void onlyOneResetOfAReusedConnectionIsMadeGood() {
        assertFalse(RetryRules.compile(Optional.empty()).allow(failure("reset-reused"), Replay.HARMLESS, true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            5xx                    | GET  | status 500    | true
            5xx                    | GET  | status 599    | true
            5xx                    | GET  | status 499    | false
            5xx                    | GET  | status 600    | false
            5xx                    | GET  | reset-new     | true
            5xx                    | GET  | per-try       | true
            5xx                    | GET  | connect       | true
            5xx                    | GET  | grpc 14       | false
            5xx                    | POST | status 500    | false
            5xx                    | POST | reset-new     | false
            5xx                    | POST | connect       | true
            5xx                    | nest | reset-new     | true
            5xx                    | GET  | after-headers | false
            gateway-error          | GET  | status 500    | false
            gateway-error          | GET  | status 502    | true
            gateway-error          | GET  | status 503    | true
            gateway-error          | GET  | status 504    | true
            gateway-error          | GET  | status 505    | false
            gateway-error          | GET  | reset-new     | true
            reset                  | GET  | reset-new     | true
            reset                  | GET  | per-try       | true
            reset                  | GET  | status 503    | false
            reset                  | nest | reset-reused  | true
            reset                  | POST | reset-new     | false
            reset-before-request   | GET  | unsent        | true
            reset-before-request   | GET  | reset-new     | false
            connect-failure        | GET  | connect       | true
            connect-failure        | GET  | reset-new     | false
            connect-failure        | nest | reset-reused  | false
            refused-stream         | GET  | refused       | true
            retriable-4xx          | GET  | status 409    | true
            retriable-4xx          | GET  | status 429    | false
            retriable-status-codes | GET  | status 418    | true
            retriable-status-codes | GET  | status 503    | false
            cancelled              | GET  | grpc 1        | true
            deadline-exceeded      | GET  | grpc 4        | true
            resource-exhausted     | GET  | grpc 8        | true
            internal               | GET  | grpc 13       | true
            unavailable            | GET  | grpc 14       | true
            unavailable            | GET  | grpc 13       | false
            unavailable            | POST | grpc 14       | false
            """)
    void withAPolicyItsConditionsGoAgainToo(String on, String method, String failure, boolean again) {
        assertEquals(again, rules(3, false, on).allow(failure(failure), replay(method), false));
    }

    @Test
    void aPostGoesAgainWhereTheRouteNamesTheMethod() {
        assertTrue(rules(3, true, "5xx").allow(failure("status 500"), Replay.ACTS_TWICE, false));
        assertTrue(rules(3, true, "unavailable").allow(failure("grpc 14"), Replay.ACTS_TWICE, false));
    }

    @Test
    void attemptsZeroTurnsEverythingOff() {
        var rules = rules(0, true, "5xx", "connect-failure", "reset");
        for (var failure : List.of("connect", "refused", "unsent", "reset-reused", "status 503")) {
            assertFalse(rules.allow(failure(failure), Replay.HARMLESS, false), failure);
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, 503, true", "POST, 503, false", "GET, 200, false", "GET, 404, false", "nest, 500, true"})
    void tellsEarlyWhetherAStatusCanMatter(String method, int status, boolean may) {
        assertEquals(may, rules(3, false, "5xx").mayRetryStatus(replay(method), status));
    }

    private static RetryRules rules(int attempts, boolean nonIdempotent, String... on) {
        return RetryRules.compile(Optional.of(policy(attempts, nonIdempotent, on)));
    }

    static RetryPolicy policy(int attempts, boolean nonIdempotent, String... on) {
        Set<Condition> conditions =
                Arrays.stream(on).map(c -> Condition.parse(c).orElseThrow()).collect(Collectors.toSet());
        return new RetryPolicy(
                attempts, Optional.empty(), conditions, List.of(418), Duration.ofMillis(25), nonIdempotent, true);
    }

    private static Replay replay(String method) {
        return method.equals("nest") ? Replay.UNKNOWN : Replay.ofMethod(method);
    }

    private static Failure failure(String written) {
        var words = written.split(" ");
        return switch (words[0]) {
            case "connect" -> Failure.CONNECT_FAILED;
            case "refused" -> Failure.REFUSED_STREAM;
            case "unsent" -> new Failure.ResetBeforeResponse(false, false);
            case "reset-new" -> new Failure.ResetBeforeResponse(false, true);
            case "reset-reused" -> new Failure.ResetBeforeResponse(true, true);
            case "after-headers" -> Failure.RESET_AFTER_HEADERS;
            case "per-try" -> Failure.PER_TRY_TIMEOUT;
            case "status" -> new Failure.Status(Integer.parseInt(words[1]));
            case "grpc" -> new Failure.GrpcStatus(Integer.parseInt(words[1]));
            default -> throw new IllegalArgumentException(written);
        };
    }
}
