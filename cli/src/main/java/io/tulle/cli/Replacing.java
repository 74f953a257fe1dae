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
        if (!ended(found.get(), PATIENCE)) throw stays(folder, found.get());
    }

    /** Tells the process to end, unless it is gone, and waits: whether it has ended by then. */
    static boolean ended(Holder holder, Duration patience) throws InterruptedException {
        var process = ProcessHandle.of(holder.pid());
        if (process.isEmpty() || !holder.isAlive()) return true;
        if (!process.get().destroy()) return false;
        try {
            process.get().onExit().get(patience.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException _) {
            return false;
        }
    }

    private static Failures.Failure stays(Path folder, Holder holder) {
        return new Failures.Failure(
                Exit.FINDINGS,
                List.of(ProcessCode.NAME_IN_USE.problem(
                        folder.getFileName() + " is in use: process " + holder.pid() + " does not end")));
    }
}
