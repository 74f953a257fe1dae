package io.tulle.agent.run;

import io.tulle.dialects.compose.ComposeService.Restart;
import io.tulle.launch.process.Application;
import io.tulle.launch.process.Console;
import io.tulle.launch.process.RunDirectory;
import io.tulle.launch.up.Timing;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * An application over all its lives under one sidecar: when it ends by itself it is started again, as its policy says. Pauses
 * are Docker's.
 *
 * <pre>
 * RUNS ──ends──▶ PAUSED ──▶ RUNS …
 *   ╰──ends, and its policy or stop() says so──▶ OVER
 * </pre>
 */
final class Lives implements AutoCloseable {
    private static final int NOT_STARTED = 127;

    private final What what;
    private final Restart restart;
    private final Clock clock;
    private final Consumer<String> told;
    private final CompletableFuture<Integer> over = new CompletableFuture<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("lives").daemon().factory());

    // Guarded by this.
    private Optional<Application> running = Optional.empty();
    private Optional<Future<?>> pause = Optional.empty();
    private Instant born = Instant.EPOCH;
    private int lives;
    private int hasty;
    private int code;
    private boolean stopping;

    /** What is started, each time anew. */
    record What(String name, Application.Command command, RunDirectory directory, Console console) {}

    Lives(What what, Restart restart, Clock clock, Consumer<String> told) {
        this.what = what;
        this.restart = restart;
        this.clock = clock;
        this.told = told;
    }

    /** @throws UncheckedIOException when its guardian cannot be started */
    synchronized void start() {
        lives++;
        born = clock.instant();
        var started = Application.start(what.command(), what.directory(), what.console());
        running = Optional.of(started);
        started.exit().thenAccept(this::ended);
    }

    /** The exit code of the last life, once there will be no other. */
    CompletableFuture<Integer> over() {
        return over;
    }

    /** The application's process group; empty between two lives. */
    synchronized Optional<Long> group() {
        return running.flatMap(Application::group);
    }

    void kill() {
        current().ifPresent(application -> application.signal("KILL"));
    }

    void pass(String signal) {
        current().ifPresent(application -> application.pass(signal));
    }

    /** Ends the life that there is, and lets no other begin. */
    void stop(String signal, Duration grace) {
        synchronized (this) {
            stopping = true;
            if (pause.filter(waiting -> waiting.cancel(false)).isPresent()) over.complete(code);
        }
        current().ifPresent(application -> application.stop(signal, grace));
    }

    @Override
    public void close() {
        synchronized (this) {
            stopping = true;
        }
        thread.shutdownNow();
        current().ifPresent(Application::close);
    }

    private synchronized Optional<Application> current() {
        return running;
    }

    private synchronized void ended(int exit) {
        code = exit;
        if (stopping || !isStartedAgain(exit)) {
            over.complete(exit);
            return;
        }
        running.ifPresent(Application::release);
        running = Optional.empty();
        var timing = Timing.USUAL;
        var lived = Duration.between(born, clock.instant());
        hasty = lived.compareTo(timing.steady()) >= 0 ? 0 : hasty + 1;
        var wait = timing.pause(Math.max(0, hasty - 1));
        told.accept(what.name() + " ended with code " + exit + "; it is started again in " + written(wait));
        try {
            pause = Optional.of(thread.schedule(this::again, wait.toMillis(), TimeUnit.MILLISECONDS));
        } catch (RejectedExecutionException _) {
            over.complete(exit); // the run is over
        }
    }

    private synchronized void again() {
        pause = Optional.empty();
        if (stopping) {
            over.complete(code);
            return;
        }
        try {
            start();
        } catch (UncheckedIOException e) {
            told.accept(what.name() + " could not be started: " + e.getMessage());
            ended(NOT_STARTED);
        }
    }

    private boolean isStartedAgain(int exit) {
        return switch (restart) {
            case Restart.No() -> false;
            case Restart.Always() -> true;
            case Restart.OnFailure(var most) -> exit != 0 && (most.isEmpty() || lives <= most.getAsInt());
        };
    }

    private static String written(Duration wait) {
        return wait.toMillis() < 1_000 ? wait.toMillis() + " ms" : wait.toSeconds() + " s";
    }
}
