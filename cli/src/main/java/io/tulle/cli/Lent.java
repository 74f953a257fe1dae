package io.tulle.cli;

import io.tulle.launch.output.KeptOutput;
import io.tulle.launch.process.Console;
import io.tulle.launch.terminal.LentTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The terminal that a run's application gets, where there is one to give; and where its streams lead. */
record Lent(Optional<LentTerminal> terminal, Optional<KeptOutput> kept) implements AutoCloseable {
    /** What the application prints is handed on and kept, where it can be kept. */
    Console console() {
        var plain = terminal.<Console>map(lent -> new Console.Terminal(lent.device()))
                .orElseGet(() -> LentTerminal.isThere()
                        ? new Console.OutputOnly() // in the background: who reads is stopped
                        : new Console.Inherited());
        return kept.<Console>map(file -> copied(plain, file)).orElse(plain);
    }

    /** A lent terminal's screen is copied by who lends it. */
    private Console copied(Console plain, KeptOutput file) {
        var output = terminal.isEmpty() || !LentTerminal.isTerminal(1);
        var errors = terminal.isEmpty() || !LentTerminal.isTerminal(2);
        return new Console.Copied(plain, output, errors, output && errors && isOneFile(), file);
    }

    private static boolean isOneFile() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/1"))
                    .equals(Files.readSymbolicLink(Path.of("/proc/self/fd/2")));
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public void close() {
        terminal.ifPresent(LentTerminal::close);
    }
}
