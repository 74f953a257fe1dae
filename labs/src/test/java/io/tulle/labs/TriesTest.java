package io.tulle.labs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.labs.LabRun.Verdict;
import io.tulle.labs.stage.Strain;
import io.tulle.labs.stage.Unmet;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TriesTest {
    private static final Strain.Second CALM = new Strain.Second(Duration.ofMillis(2), 0.6);
    private static final Strain.Second BUSY = new Strain.Second(Duration.ofMillis(40), 0.01);
    private static final Strain.Second STUCK = new Strain.Second(Duration.ofMillis(900), 0.4);

    private int rests;
    private int looks;

    private Tries on(Strain.Second... seconds) {
        var strain = new Strain(List.of(seconds));
        return new Tries(() -> strain, () -> rests++);
    }

    /** Fails so often, then passes. */
    private String after(int failures) {
        if (looks++ < failures) throw new Unmet("17 of 1000 requests failed");
        return "all is well";
    }

    @Test
    void whatIsSeenIsSeenHoweverBusyTheMachineIs() throws Exception {
        assertEquals(new Tries.Seen(Verdict.PASS, "all is well"), on(STUCK).of(() -> after(0)));
    }

    @Test
    void aFailureOnACalmMachineIsAFailure() throws Exception {
        assertEquals(
                new Tries.Seen(Verdict.FAIL, "17 of 1000 requests failed"),
                on(CALM, BUSY, BUSY, CALM, BUSY).of(() -> after(1)));
        assertEquals(0, rests);
    }

    @Test
    void aFailureOnAStarvedMachineIsLookedAtAgainAndTold() throws Exception {
        var seen = on(CALM, BUSY, BUSY, BUSY, CALM).of(() -> after(2));
        assertEquals(Verdict.PASS, seen.verdict());
        assertTrue(seen.said().startsWith("all is well; try 1 failed while the machine was starved"), seen.said());
        assertTrue(seen.said().contains("3 seconds in a row") && seen.said().contains("17 of 1000"), seen.said());
        assertEquals(2, rests);
    }

    @Test
    void whereNothingCanBeProvedNothingIsClaimed() throws Exception {
        var seen = on(STUCK).of(() -> after(99));
        assertEquals(Verdict.STARVED, seen.verdict());
        assertEquals(3, looks);
        assertTrue(seen.said().contains("up to 900 ms"), seen.said());
    }

    @Test
    void aMachineThatIsCalmAgainGivesTheVerdict() throws Exception {
        var laps = new ArrayDeque<>(Arrays.asList(
                new Strain(List.of()), new Strain(List.of(STUCK)),
                new Strain(List.of()), new Strain(Collections.nCopies(9, CALM))));
        var seen = new Tries(laps::pop, () -> rests++).of(() -> after(99));
        assertEquals(Verdict.FAIL, seen.verdict());
        assertTrue(seen.said().startsWith("17 of 1000 requests failed; try 1 failed while"), seen.said());
    }

    @Test
    void aLabThatItselfBreaksHasFailed() throws Exception {
        var seen = on(CALM).of(() -> List.of().getFirst().toString());
        assertEquals(Verdict.FAIL, seen.verdict());
        assertTrue(seen.said().startsWith("the lab itself failed: java.util.NoSuchElement"), seen.said());
    }
}
