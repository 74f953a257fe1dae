package io.tulle.cli;

import io.tulle.agent.run.Run;
import io.tulle.launch.process.Presses;
import io.tulle.launch.process.Quits;
import io.tulle.launch.process.Signals;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How a run is ended from outside: the first Ctrl-C, or TERM, drains and then tells the application; the second Ctrl-C ends
 * it at once.
 */
final class Ending {
    private static final int INTERRUPTED = 130; // what a shell says of a command that Ctrl-C ended

    private final Consumer<String> said;
    private volatile Optional<Run> run = Optional.empty();
    private final Presses presses;
    private final InstantSource clock;

    Ending(InstantSource clock, Consumer<String> said) {
        this.presses = new Presses(clock);
        this.clock = clock;
        this.said = said;
    }

    /** From now on signals end this run, in order. */
    void of(Run running) {
        run = Optional.of(running);
        Signals.take(List.of("INT"), () -> interrupted(presses::press));
        Signals.take(List.of("TERM", "HUP"), this::told);
        Quits.take(clock, () -> running.pass("QUIT")); // the application's to answer, as without mesh
    }

    /** Ctrl-C, as a key of the terminal that is lent. */
    void pressed() {
        interrupted(presses::key);
    }

    private void interrupted(Supplier<Presses.Press> press) {
        var running = run;
        if (running.isEmpty()) {
            System.exit(INTERRUPTED); // it has not joined yet
            return;
        }
        switch (press.get()) {
            case FIRST -> {
                said.accept("draining; Ctrl-C again ends it at once");
                running.get().stop("INT");
            }
            case SAME -> {}
            case AGAIN -> running.get().kill();
        }
    }

    private void told() {
        presses.press(); // a Ctrl-C after it is the second word
        run.ifPresent(Run::stop);
    }
}
