package io.tulle.control.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RolloutTest {
    private final Rollout rollout = new Rollout();

    @Test
    void aRevisionIsCompleteWhenEveryProxyHasAnswered() {
        send(1, "cart-1", "a");
        send(1, "web-1", "b");
        assertEquals(List.of("cart-1", "web-1"), rollout.of(1).waiting());

        rollout.settled("cart-1", "a", List.of());
        assertEquals(List.of("web-1"), rollout.of(1).waiting());

        rollout.settled("web-1", "b", List.of());
        assertTrue(rollout.of(1).isComplete());
    }

    @Test
    void aProxyWhoseViewDidNotChangeIsDoneWithoutAWord() {
        send(1, "web-1", "a");
        rollout.settled("web-1", "a", List.of());

        rollout.unchanged("web-1", 2);
        rollout.compiled(2);

        assertTrue(rollout.of(2).isComplete());
    }

    @Test
    void aRevisionThatWasNotCompiledYetIsNotDone() {
        send(1, "web-1", "a");
        rollout.settled("web-1", "a", List.of());

        assertFalse(rollout.of(2).isComplete());
    }

    @Test
    void anAnswerThatIsQuickerThanTheNoteOfWhatWasSentCounts() {
        rollout.settled("web-1", "a", List.of());
        send(1, "web-1", "a");
        assertTrue(rollout.of(1).isComplete());

        rollout.settled("web-1", "b", List.of("route x: no such thing"));
        send(2, "web-1", "b");
        assertEquals(List.of("web-1"), List.copyOf(rollout.of(2).rejected().keySet()));
    }

    @Test
    void anEarlyAnswerForSomethingElseProvesNothing() {
        rollout.settled("web-1", "a", List.of());
        send(1, "web-1", "b");

        assertFalse(rollout.of(1).isComplete());
    }

    @Test
    void anAnswerForAnOlderVersionProvesNothing() {
        send(1, "web-1", "a");
        send(2, "web-1", "b");

        rollout.settled("web-1", "a", List.of());

        assertFalse(rollout.of(2).isComplete());
    }

    @Test
    void whatWasConfirmedStaysConfirmedWhileANewerOneIsOnItsWay() {
        send(1, "web-1", "a");
        rollout.settled("web-1", "a", List.of());
        send(2, "web-1", "b");

        assertTrue(rollout.of(1).isComplete());
        assertFalse(rollout.of(2).isComplete());
    }

    @Test
    void whoRefusesIsNamedWithTheReason() {
        send(1, "web-1", "a");
        rollout.settled("web-1", "a", List.of("route x: no such thing"));

        assertEquals(
                Map.of("web-1", List.of("route x: no such thing")),
                rollout.of(1).rejected());
    }

    @Test
    void aProxyThatLeftIsWaitedForNoMore() {
        send(1, "web-1", "a");
        rollout.gone("web-1");

        assertTrue(rollout.of(1).isComplete());
    }

    @Test
    void countsThoseWhomARevisionTellsAnythingNewAndNotWhatTheyAskedForThemselves() {
        send(1, "web-1", "a");
        rollout.settled("web-1", "a", List.of());
        rollout.unchanged("web-1", 2);
        rollout.compiled(2);
        assertEquals(0, rollout.of(2).told());

        rollout.asked("web-1", 2, "b");
        assertEquals(0, rollout.of(2).told());
        assertTrue(rollout.of(2).isComplete(), "it had confirmed the revision before it asked for more");

        send(3, "web-1", "c");
        assertEquals(1, rollout.of(3).told());
    }

    private void send(long revision, String node, String version) {
        rollout.sent(node, revision, version);
        rollout.compiled(revision);
    }
}
