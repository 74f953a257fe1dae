package io.tulle.cli;

import io.tulle.agent.run.Run;
import io.tulle.launch.process.Presses;
import io.tulle.launch.process.Signals;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a run is ended from outside: the first Ctrl-C, or TERM, drains and then tells the application; the second Ctrl-C ends
 * it at once.
 */
final class Ending {
    private static final int INTERRUPTED = 130; // what a shell says of a command that Ctrl-C ended

    private final Consumer<String> said;
    private volatile Optional<Run> run = Optional.empty();
    private final Presses presses;

    Ending(InstantSource clock, Consumer<String> said) {
        this.presses = new Presses(clock);
        this.said = said;
    }

    /** From now on signals end this run, in order. */
    void of(Run running) {
        run = Optional.of(running);
        Signals.take(List.of("INT"), this::interrupted);
        Signals.take(List.of("TERM", "HUP"), this::told);
    }

    /** Ctrl-C, as a signal or as a key. */
    void interrupted() {
        var running = run;
        if (running.isEmpty()) {
            System.exit(INTERRUPTED); // it has not joined yet
            return;
        }
        switch (presses.press()) {
            case FIRST -> {
                said.accept("draining; Ctrl-C again ends it at once");
                running.get().stop("INT");
            }
            case SAME -> {}
            case AGAIN -> running.get().application().signal("KILL");
        }
    }

    private void told() {
        presses.press(); // a Ctrl-C after it is the second word
        run.ifPresent(Run::stop);
    }
}
