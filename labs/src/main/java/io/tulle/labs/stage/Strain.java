package io.tulle.labs.stage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How hard it was to be served by this machine for a while.
 *
 * @param seconds one after the other
 */
public record Strain(List<Second> seconds) {
    /** A thread that is ready to run and waits so long for its turn cannot measure anything. */
    private static final Duration LATE = Duration.ofMillis(250);

    /** So many seconds in a row with next to no processor left: whoever is asked then waits for others. */
    private static final int IN_A_ROW = 3;

    private static final double NOTHING_LEFT = 0.05;

    public Strain {
        seconds = List.copyOf(seconds);
    }

    /**
     * One second.
     *
     * @param late how much later than it asked a thread was woken, the worst of it
     * @param idle the processors' share that nobody used, 0 to 1; 1 where the system does not tell
     */
    public record Second(Duration late, double idle) {}

    /** Whether something that went wrong meanwhile may have been the machine's doing. */
    public boolean starves() {
        return worst().compareTo(LATE) > 0 || longest() >= IN_A_ROW;
    }

    private Duration worst() {
        return seconds.stream().map(Second::late).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    private int longest() {
        var runs = new ArrayList<>(List.of(0));
        for (var second : seconds) runs.add(second.idle() < NOTHING_LEFT ? runs.getLast() + 1 : 0);
        return runs.stream().max(Integer::compare).orElse(0);
    }

    @Override
    public String toString() {
        return "a ready thread waited up to %d ms for its turn, and for %d seconds in a row no processor was free"
                .formatted(worst().toMillis(), longest());
    }
}
