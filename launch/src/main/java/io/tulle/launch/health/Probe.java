package io.tulle.launch.health;

import java.util.concurrent.CompletableFuture;

/** One question about a process's health, running. */
public interface Probe {
    /** Completes once with the answer; never exceptionally. */
    CompletableFuture<Answer> answer();

    /** Ends it, and whatever it started: its answer no longer matters. */
    void abandon();

    /** @param said the end of what it printed, for the person who asks why */
    record Answer(boolean isWell, String said) {}

    /** Asks. */
    @FunctionalInterface
    interface Asker {
        Probe ask();
    }
}
