package io.tulle.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.policy.FaultPolicy;
import io.tulle.model.policy.Percentage;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
    private static final FaultPolicy.Answer ANSWER = new FaultPolicy.Answer.Http(418);

    @Test
    void withoutAPolicyNobodyIsHarmed() {
        assertTrue(FaultPlan.compile(Optional.empty()).draw(new Random(1)).isNone());
    }

    @Test
    void aFaultForAllIsForAll() {
        var plan = plan(100, 100);
        var random = new Random(2);
        for (int i = 0; i < 1000; i++) {
            var fault = plan.draw(random);
            assertEquals(Duration.ofMillis(50), fault.delay());
            assertEquals(Optional.of(ANSWER), fault.answer());
        }
    }

    @Test
    void delayAndAbortAreDrawnApartWithinFourStandardDeviations() {
        var plan = plan(20, 10);
        var random = new Random(3);
        int draws = 100_000;
        int delayed = 0;
        int aborted = 0;
        int both = 0;
        for (int i = 0; i < draws; i++) {
            var fault = plan.draw(random);
            if (!fault.delay().isZero()) delayed++;
            if (fault.answer().isPresent()) aborted++;
            if (!fault.delay().isZero() && fault.answer().isPresent()) both++;
        }
        assertShare(0.2, delayed, draws);
        assertShare(0.1, aborted, draws);
        assertShare(0.02, both, draws);
    }

    private static void assertShare(double share, int counted, int draws) {
        assertEquals(draws * share, counted, 4 * Math.sqrt(draws * share * (1 - share)));
    }

    private static FaultPlan plan(double delayPercent, double abortPercent) {
        return FaultPlan.compile(Optional.of(new FaultPolicy(
                Optional.of(new FaultPolicy.Delay(Duration.ofMillis(50), Percentage.of(delayPercent))),
                Optional.of(new FaultPolicy.Abort(ANSWER, Percentage.of(abortPercent))))));
    }
}
