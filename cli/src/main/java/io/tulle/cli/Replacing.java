package io.tulle.cli;

import io.tulle.launch.process.Holder;
import io.tulle.launch.process.ProcessCode;
import io.tulle.launch.process.RunDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Ends the run that has a name, as TERM does it: it drains, and its application has its grace. */
final class Replacing {
    /** Longer than any usual drain and grace together. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Replacing() {}

    /** Returns when the run's process is gone; at once when there is none. */
    static void end(Path folder, Consumer<String> said) throws InterruptedException {
        var found = RunDirectory.holder(folder);
        if (found.isEmpty()) return;
        said.accept("ending process " + found.get().pid() + ", which has this name since "
                + found.get().since());
        try {
            var process = ProcessHandle.of(found.get().pid());
            if (process.isEmpty() || !found.get().isAlive()) return;
            if (!process.get().destroy()) throw stays(folder, found.get());
            process.get().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException _) {
            throw stays(folder, found.get());
        }
    }

    private static Failures.Failure stays(Path folder, Holder holder) {
        return new Failures.Failure(
                Exit.FINDINGS,
                List.of(ProcessCode.NAME_IN_USE.problem(
                        folder.getFileName() + " is in use: process " + holder.pid() + " does not end")));
    }
}
