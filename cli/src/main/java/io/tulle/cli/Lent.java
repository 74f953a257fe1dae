package io.tulle.cli;

import io.tulle.launch.process.Application;
import io.tulle.launch.terminal.LentTerminal;
import java.util.Optional;

/** The terminal that a run's application gets, where there is one to give. */
record Lent(Optional<LentTerminal> terminal) implements AutoCloseable {
    static Lent of(Optional<LentTerminal> terminal) {
        return new Lent(terminal);
    }

    Application.Console console() {
        return terminal.<Application.Console>map(lent -> new Application.Console.Terminal(lent.device()))
                .orElseGet(() -> LentTerminal.isThere()
                        ? Application.Console.OUTPUT_ONLY // in the background: who reads is stopped
                        : Application.Console.INHERITED);
    }

    @Override
    public void close() {
        terminal.ifPresent(LentTerminal::close);
    }
}
