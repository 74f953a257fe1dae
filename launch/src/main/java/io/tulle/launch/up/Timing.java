package io.tulle.launch.up;

import java.time.Duration;

/**
 * How patient a session is.
 *
 * @param firstPause before the first restart; each further one is twice as long
 * @param longestPause at most
 * @param steady how long a life must last for the next pause to be the first again
 * @param tries how many lives an instance may have before it was ever well, while the set is being started
 * @param readyWithin how long an instance may run without being ready
 * @param stopWithin how long it may take to end before it is killed
 */
public record Timing(
        Duration firstPause,
        Duration longestPause,
        Duration steady,
        int tries,
        Duration readyWithin,
        Duration stopWithin) {
    /** Docker's for restarts (100 ms, doubled, at most 1 min, 10 s steady); the others are ours. */
    public static final Timing USUAL = new Timing(
            Duration.ofMillis(100),
            Duration.ofMinutes(1),
            Duration.ofSeconds(10),
            5,
            Duration.ofMinutes(2),
            Duration.ofSeconds(30));

    public Timing withReadyWithin(Duration patience) {
        return new Timing(firstPause, longestPause, steady, tries, patience, stopWithin);
    }

    /** @param restarts how many there were in a row, without a steady life between them */
    public Duration pause(int restarts) {
        var pause = firstPause.multipliedBy(1L << Math.min(restarts, 20));
        return pause.compareTo(longestPause) < 0 ? pause : longestPause;
    }
}
