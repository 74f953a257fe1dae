package io.tulle.proxy.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.policy.OutlierPolicy;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.balance.EndpointSet;
import io.tulle.xds.spec.EndpointSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutlierDetectorTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final EndpointSet set = set(10);
    private long now = -7 * SECOND; // nanoTime may be negative

    @Test
    void ejectsAfterSoManyServerErrorsInARow() {
        var detector = OutlierDetector.of(policy(3, 0, 100), set);
        answer(detector, 0, 500, 503);
        assertEquals(List.of(), ejected(set));
        answer(detector, 0, 404, 500, 500);
        assertEquals(List.of(), ejected(set), "an answer below 500 begins a new row");
        answer(detector, 0, 599);
        assertEquals(List.of("e0"), ejected(set));
    }

    @Test
    void fiveInARowWhereNothingIsWritten() {
        var policy = new OutlierPolicy(
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                false,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                10,
                0);
        var detector = OutlierDetector.of(policy, set);
        answer(detector, 0, 502, 502, 502, 502);
        assertEquals(List.of(), ejected(set));
        answer(detector, 0, 502);
        assertEquals(List.of("e0"), ejected(set));
    }

    @Test
    void gatewayErrorsAreARowOfTheirOwn() {
        var detector = OutlierDetector.of(policy(0, 2, 100), set);
        answer(detector, 0, 500, 500, 500, 502, 500, 503);
        assertEquals(List.of(), ejected(set), "500 breaks the row, and the other row is off");
        answer(detector, 0, 504);
        assertEquals(List.of("e0"), ejected(set));
    }

    @Test
    void noAnswerCountsAsA503() {
        var detector = OutlierDetector.of(policy(2, 0, 100), set);
        detector.unanswered(endpoint(0), now);
        answer(detector, 0, 500);
        assertEquals(List.of("e0"), ejected(set));
    }

    @Test
    void localFailuresCanBeKeptApart() {
        var policy = new OutlierPolicy(
                OptionalInt.of(2),
                OptionalInt.of(2),
                OptionalInt.of(3),
                true,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                100,
                0);
        var detector = OutlierDetector.of(policy, set);
        detector.unanswered(endpoint(0), now);
        detector.unanswered(endpoint(0), now);
        answer(detector, 0, 500);
        detector.unanswered(endpoint(0), now);
        detector.unanswered(endpoint(0), now);
        assertEquals(List.of(), ejected(set), "an answer of any status shows that it can be reached");
        detector.unanswered(endpoint(0), now);
        assertEquals(List.of("e0"), ejected(set));
    }

    @Test
    void theNthEjectionLastsNTimesTheBaseAndEndsAtASweep() {
        var detector = OutlierDetector.of(policy(1, 0, 100), set);
        for (int n = 1; n <= 3; n++) {
            answer(detector, 0, 500);
            assertEquals(List.of("e0"), ejected(set));
            now += n * 30L * SECOND - 1;
            detector.sweep(now);
            assertEquals(List.of("e0"), ejected(set), "ejection " + n);
            now += 1;
            assertEquals(List.of("e0"), ejected(set), "it waits for the sweep");
            detector.sweep(now);
            assertEquals(List.of(), ejected(set), "ejection " + n);
        }
    }

    @Test
    void eachSweepInGoodHealthShortensTheNextEjection() {
        var detector = OutlierDetector.of(policy(1, 0, 100), set);
        for (int n = 1; n <= 3; n++) {
            answer(detector, 0, 500);
            now += n * 30L * SECOND;
            detector.sweep(now);
        }
        detector.sweep(now);
        detector.sweep(now);
        answer(detector, 0, 500);
        now += 60 * SECOND;
        detector.sweep(now);
        assertEquals(List.of(), ejected(set), "twice the base: three times before, less two good sweeps, and one more");
    }

    @Test
    void noEjectionLastsLongerThanFiveMinutes() {
        var detector = OutlierDetector.of(policy(1, 0, 100), set);
        for (int n = 1; n <= 20; n++) {
            answer(detector, 0, 500);
            now += 300 * SECOND;
            detector.sweep(now);
            assertEquals(List.of(), ejected(set), "ejection " + n);
        }
    }

    /** Endpoints, share, how many of them all failing are out: Envoy's rule since 1.31, without always_eject_one_host. */
    @ParameterizedTest
    @CsvSource({"10, 10, 1", "10, 19, 1", "10, 100, 10", "2, 10, 0", "2, 49, 0", "2, 50, 1", "3, 100, 3", "3, 0, 0"})
    void neverMoreThanTheShareIsOut(int endpoints, int percent, int out) {
        var these = set(endpoints);
        var detector = OutlierDetector.of(policy(1, 0, percent), these);
        for (var endpoint : these.endpoints()) detector.answered(endpoint, 500, now);
        assertEquals(out, ejected(these).size());
    }

    @Test
    void aReadmittedEndpointBeginsAnew() {
        var detector = OutlierDetector.of(policy(2, 0, 100), set);
        answer(detector, 0, 500, 500);
        answer(detector, 0, 500); // one that was in flight
        now += 30 * SECOND;
        detector.sweep(now);
        answer(detector, 0, 500);
        assertEquals(List.of(), ejected(set));
    }

    @Test
    void theNextPlansDetectorGoesOnWhereThisOneStopped() {
        var detector = OutlierDetector.of(policy(3, 0, 100), set);
        answer(detector, 0, 500, 500);
        var specs = set.endpoints().stream().map(Endpoint::spec).toList();
        var next = EndpointSet.compile(specs, 0, set);
        var nextDetector = OutlierDetector.of(policy(3, 0, 100), next);
        nextDetector.answered(next.endpoints().getFirst(), 500, now);
        assertEquals(List.of("e0"), ejected(next));
        nextDetector.sweep(now + 30 * SECOND);
        assertEquals(List.of(), ejected(next));
    }

    @ParameterizedTest
    @CsvSource({"0, 200", "1, 499", "2, 500", "4, 504", "13, 500", "14, 503", "16, 401", "99, 500", "-1, 500"})
    void aGrpcStatusCountsAsItsHttpCounterpart(int grpc, int http) {
        assertEquals(http, GrpcStatuses.asHttp(grpc));
    }

    private void answer(OutlierDetector detector, int index, int... statuses) {
        for (int status : statuses) detector.answered(endpoint(index), status, now);
    }

    private Endpoint endpoint(int index) {
        return set.endpoints().get(index);
    }

    private static List<String> ejected(EndpointSet set) {
        return set.endpoints().stream()
                .filter(e -> e.state().isEjected())
                .map(e -> e.spec().instance())
                .toList();
    }

    private static EndpointSet set(int size) {
        var specs = new ArrayList<EndpointSpec>();
        for (int i = 0; i < size; i++) specs.add(EndpointSpec.of("e" + i, "10.0.0." + (i + 1), 4000));
        return EndpointSet.compile(specs, 0, EndpointSet.EMPTY);
    }

    private static OutlierPolicy policy(int consecutive5xx, int consecutiveGateway, int maxPercent) {
        return new OutlierPolicy(
                OptionalInt.of(consecutive5xx),
                OptionalInt.of(consecutiveGateway),
                OptionalInt.empty(),
                false,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                maxPercent,
                0);
    }
}
