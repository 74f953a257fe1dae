package io.tulle.launch.up;

import io.tulle.dialects.compose.ComposeService.Restart;
import io.tulle.launch.health.HealthMonitor;
import io.tulle.launch.health.HealthMonitor.Health;
import io.tulle.launch.health.Question;
import io.tulle.launch.process.RunDirectory;
import io.tulle.model.Problem;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One instance over all its lives; on the session's thread alone.
 *
 * <pre>
 * WAITING → RUNNING → READY → WELL        (READY: ready file there, health check not yet passed)
 *              ↑ ╰──────┴──────┤ exit
 *              ╰─── PAUSED ←───┤ policy says again
 *                              ╰→ ENDED
 * </pre>
 */
final class Instance {
    enum Phase {
        WAITING,
        RUNNING,
        READY,
        WELL,
        PAUSED,
        ENDED
    }

    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    private final Launch launch;
    private final UpSession.Tools tools;
    private final ReadyFiles ready;
    private final Crew crew;
    private Phase phase = Phase.WAITING;
    private Optional<Starter.Child> child = Optional.empty();
    private Optional<HealthMonitor> monitor = Optional.empty();
    private Optional<Problem> trouble = Optional.empty();
    private OptionalInt code = OptionalInt.empty();
    private Output.Tail tail = Output.Tail.empty();
    private Instant born = Instant.EPOCH;
    private Path directory = Path.of("");
    private Runnable deadline = () -> {};
    private int lives;
    private int hasty;
    private boolean wasWell;
    private boolean stopping;

    Instance(Launch launch, UpSession.Tools tools, ReadyFiles ready, Crew crew) {
        this.launch = launch;
        this.tools = tools;
        this.ready = ready;
        this.crew = crew;
    }

    Launch launch() {
        return launch;
    }

    Phase phase() {
        return phase;
    }

    boolean hasStarted() {
        return lives > 0;
    }

    /** Whether it ended, and with 0. */
    boolean hasSucceeded() {
        return phase == Phase.ENDED && code.orElse(1) == 0;
    }

    OptionalInt code() {
        return code;
    }

    /** What is wrong with it, told once. */
    Optional<Problem> takeTrouble() {
        var found = trouble;
        trouble = Optional.empty();
        return found;
    }

    void trouble(Problem problem) {
        trouble = Optional.of(problem);
        crew.changed();
    }

    List<String> lastLines() {
        return tail.lines();
    }

    StateFile.Line state() {
        return new StateFile.Line(
                launch.instance(),
                phase.name().toLowerCase(Locale.ROOT),
                child.map(running -> StateFile.Identity.of(running.handle())));
    }

    void start() {
        // A directory of its own for each life: the guardian of a killed one may still be clearing away.
        directory = tools.directory().resolve(lives == 0 ? launch.instance() : launch.instance() + "." + lives);
        lives++;
        born = tools.clock().instant();
        phase = Phase.RUNNING;
        try {
            Ready.forget(directory);
            var started = tools.starter().start(launch, directory);
            child = Optional.of(started);
            tail = tools.output().follow(launch.instance(), started.output());
            ready.await(directory, found -> isReady(started, found));
            started.exit().whenCompleteAsync((ended, _) -> lastWords(started, directory, ended), tools.timer());
            deadline = tools.timer().after(tools.timing().readyWithin(), () -> late(started));
        } catch (UncheckedIOException | RunDirectory.Refused e) {
            phase = Phase.ENDED;
            code = OptionalInt.of(127);
            trouble = Optional.of(UpCode.CANNOT_RUN.problem(launch.instance() + ": " + e.getMessage()));
        }
        crew.changed();
    }

    /**
     * A port that never opens is told and keeps nothing else out: what the application serves on its other ports is
     * served, those that wait for it go on, and its health is asked as if it were ready.
     */
    private void late(Starter.Child started) {
        if (!isCurrent(started) || phase != Phase.RUNNING || crew.endsByItself(launch.entry())) return;
        var after = " after " + tools.timing().readyWithin().toSeconds() + " s";
        var launched = Ready.launched(directory);
        if (launched.isEmpty()) {
            trouble(UpCode.NOT_IN_TIME.problem(launch.instance() + " is not ready" + after));
            return;
        }
        var ports = launch.declaredPorts();
        var said = launch.instance() + " does not listen on " + (ports.size() == 1 ? "port " : "all of its ports ")
                + String.join(", ", ports) + after;
        tools.output().say(launch.instance(), UpCode.PORT_SHUT.warning(said).explained());
        ask(started, launched.get());
    }

    private void isReady(Starter.Child started, Ready found) {
        if (!isCurrent(started) || stopping) return;
        deadline.run();
        if (phase != Phase.RUNNING) return; // late: it counts as ready already
        ask(started, found);
    }

    private void ask(Starter.Child started, Ready found) {
        phase = Phase.READY;
        switch (question(found)) {
            case Question.None() -> well();
            case Question.Refused(var problem) -> {
                tools.output().say(launch.instance(), problem.explained());
                well();
            }
            case Question.Ask(var check, var asker) ->
                monitor = Optional.of(HealthMonitor.start(check, asker, tools.timer(), tools.clock(), this::health));
        }
        crew.changed();
    }

    private Question question(Ready found) {
        if (launch.health().isEmpty()) return new Question.None();
        var environment = new HashMap<>(launch.environment());
        environment.putAll(found.environment());
        return Question.about(
                launch.instance(),
                launch.health().get(),
                new Question.Where(found.capture(), launch.workingDirectory(), environment, found.around()));
    }

    private void health(Health health) {
        switch (health) {
            case Health.Starting() -> {}
            case Health.Well() -> well();
            case Health.Unwell(var said) -> {
                phase = Phase.READY;
                trouble(UpCode.UNHEALTHY.problem(
                        launch.instance() + " is not healthy" + (said.isEmpty() ? "" : ": " + said)));
            }
        }
    }

    private void well() {
        phase = Phase.WELL;
        wasWell = true;
        crew.changed();
    }

    /** What it printed at the end comes before the news of its end; a grandchild that holds the pipe delays that briefly. */
    private void lastWords(Starter.Child started, Path directory, Integer ended) {
        ready.forget(directory);
        deadline.run();
        monitor.ifPresent(HealthMonitor::stop);
        monitor = Optional.empty();
        var exit = ended == null ? 1 : ended;
        tools.timer().after(LAST_WORDS, () -> exited(started, exit));
        tail.ended().thenRunAsync(() -> exited(started, exit), tools.timer());
    }

    private void exited(Starter.Child started, int exit) {
        if (!isCurrent(started)) return;
        child = Optional.empty();
        code = OptionalInt.of(exit);
        var lived = Duration.between(born, tools.clock().instant());
        hasty = lived.compareTo(tools.timing().steady()) >= 0 ? 0 : hasty + 1;
        if (stopping || !isStartedAgain(exit)) {
            phase = Phase.ENDED;
            tools.output().say(launch.instance(), "ended with code " + exit);
            if (!stopping && exit != 0 && crew.isStarting()) trouble = Optional.of(failed(exit));
        } else if (!wasWell && crew.isStarting() && lives >= tools.timing().tries()) {
            phase = Phase.ENDED;
            trouble = Optional.of(failed(exit));
        } else {
            phase = Phase.PAUSED;
            var pause = tools.timing().pause(Math.max(0, hasty - 1));
            tools.output().say(launch.instance(), "ended with code " + exit + "; again in " + pause.toMillis() + " ms");
            deadline = tools.timer().after(pause, () -> {
                if (phase == Phase.PAUSED) start();
            });
        }
        crew.changed();
    }

    private Problem failed(int exit) {
        var times = lives > 1 ? " (started " + lives + " times)" : "";
        return UpCode.FAILED_TO_START.problem(launch.instance() + " ended with code " + exit + times);
    }

    private boolean isStartedAgain(int exit) {
        return switch (launch.restart()) {
            case Restart.No() -> false;
            case Restart.Always() -> true;
            case Restart.OnFailure(var most) -> exit != 0 && (most.isEmpty() || lives <= most.getAsInt());
        };
    }

    /** Asks it to end, once; what does not end in time is killed. */
    void stop() {
        if (stopping) return;
        stopping = true;
        deadline.run();
        monitor.ifPresent(HealthMonitor::stop);
        if (child.isEmpty()) {
            phase = Phase.ENDED;
            crew.changed();
            return;
        }
        var running = child.get();
        running.terminate();
        deadline = tools.timer().after(tools.timing().stopWithin(), () -> {
            if (isCurrent(running)) running.kill();
        });
    }

    void kill() {
        stop();
        child.ifPresent(Starter.Child::kill);
    }

    @SuppressWarnings("ReferenceEquality") // this very process: one of an earlier life has no say any more
    private boolean isCurrent(Starter.Child one) {
        return child.filter(running -> running == one).isPresent();
    }
}
