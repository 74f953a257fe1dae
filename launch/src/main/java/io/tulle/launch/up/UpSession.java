package io.tulle.launch.up;

import io.tulle.dialects.compose.ComposeService.Condition;
import io.tulle.launch.health.Timer;
import io.tulle.launch.process.Presses;
import io.tulle.launch.up.Instance.Phase;
import io.tulle.model.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A planned set of services, started in order, kept, and stopped in the reverse order. STARTING → UP → STOPPING → over;
 * a trouble while starting stops all, a trouble later is told and lived with. All its state belongs to the timer's thread.
 */
public final class UpSession {
    private final UpPlan plan;
    private final Tools tools;
    private final FileChannel lock;
    private final ReadyFiles ready;
    private final StateFile state;
    private final Waits waits;
    private final Presses presses;
    private final CompletableFuture<Boolean> up = new CompletableFuture<>();
    private final CompletableFuture<Ending> ended = new CompletableFuture<>();
    private Optional<Ending> reason = Optional.empty();

    /**
     * What a session works with.
     *
     * @param directory the project's own in the mesh's run directory; run directories of instances are made in it
     */
    public record Tools(Starter starter, Timer timer, Clock clock, Timing timing, Output output, Path directory) {}

    private UpSession(UpPlan plan, Tools tools, FileChannel lock) {
        this.plan = plan;
        this.tools = tools;
        this.lock = lock;
        this.ready = ReadyFiles.watch(tools.directory(), tools.timer());
        this.state = StateFile.in(tools.directory());
        this.presses = new Presses(tools.clock());
        var crew = new Members();
        this.waits = new Waits(plan.launches().stream()
                .map(launch -> new Instance(launch, tools, ready, crew))
                .toList());
    }

    /**
     * Begins. Apply {@link UpPlan#externals()} first.
     *
     * @throws Refused when another session holds the project
     */
    public static UpSession start(UpPlan plan, Tools tools) {
        if (!plan.isClean()) throw new IllegalArgumentException("a plan with errors is not started");
        var session = new UpSession(plan, tools, hold(tools.directory(), plan.project()));
        tools.timer().execute(session::look);
        return session;
    }

    /** The session cannot begin. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Problem problem;

        Refused(Problem problem) {
            super(problem.message());
            this.problem = problem;
        }

        public Problem problem() {
            return problem;
        }
    }

    /** Once: true when all instances are well (or have ended with 0), false when the set stops before that. */
    public CompletableFuture<Boolean> up() {
        return up;
    }

    /** Once nothing of it runs any more. */
    public CompletableFuture<Ending> ended() {
        return ended;
    }

    /** Ctrl-C: the first stops in order, a second one ends all at once. From any thread. */
    public void interrupt() {
        var press = presses.press();
        tools.timer().execute(() -> {
            if (ended.isDone()) return;
            if (reason.isEmpty()) stop(new Ending.Stopped());
            else if (press == Presses.Press.AGAIN) waits.instances().forEach(Instance::kill);
        });
    }

    /** TERM: stops in order, however often it is said; KILL is there for who wants more. From any thread. */
    public void end() {
        presses.press();
        tools.timer().execute(() -> {
            if (!ended.isDone() && reason.isEmpty()) stop(new Ending.Stopped());
        });
    }

    /** After each change: whoever may start starts, whoever may stop stops. */
    private void look() {
        if (ended.isDone()) return;
        waits.instances().forEach(this::troubles);
        if (reason.isPresent()) {
            waits.instances().stream().filter(waits::mayStop).forEach(Instance::stop);
        } else {
            startWhoMay();
            if (waits.instances().stream().allMatch(UpSession::isSettled)) up.complete(true);
        }
        if (waits.instances().stream().allMatch(one -> one.phase() == Phase.ENDED)) finish();
        else
            state.write(
                    plan.project(),
                    waits.instances().stream().map(Instance::state).toList());
    }

    private void startWhoMay() {
        for (var instance : waits.instances()) {
            if (instance.phase() != Phase.WAITING) continue;
            if (waits.mayStart(instance)) {
                instance.start();
            } else if (waits.isHopeless(instance)) {
                instance.trouble(
                        UpCode.DEPENDENCY_ENDED.problem(instance.launch().instance() + " waits for what has ended"));
                return;
            }
        }
    }

    private void troubles(Instance instance) {
        instance.takeTrouble().ifPresent(problem -> {
            if (reason.isPresent()) return;
            tools.output().say(instance.launch().instance(), problem.explained());
            if (!up.isDone()) stop(new Ending.Failed(problem, instance.lastLines()));
        });
    }

    private static boolean isSettled(Instance instance) {
        return instance.phase() == Phase.WELL || instance.hasSucceeded();
    }

    private void stop(Ending because) {
        reason = Optional.of(because);
        up.complete(false);
        tools.timer().execute(this::look);
    }

    private void finish() {
        up.complete(true);
        ready.close();
        state.delete();
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var code = waits.instances().stream()
                .mapToInt(one -> one.code().orElse(0))
                .filter(one -> one != 0)
                .findFirst()
                .orElse(0);
        ended.complete(reason.orElseGet(() -> new Ending.Finished(code)));
    }

    /** The lock ends with the process that holds it, whatever ends that. */
    private static FileChannel hold(Path directory, String project) {
        try {
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(directory, owner);
            var channel =
                    FileChannel.open(directory.resolve("up.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isLocked(channel)) return channel;
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new Refused(UpCode.ALREADY_UP.problem("the project " + project + " is up already"));
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock()).isPresent();
        } catch (OverlappingFileLockException _) {
            return false; // by another session of this very process
        }
    }

    private final class Members implements Crew {
        private final List<String> awaitedEnds = plan.launches().stream()
                .flatMap(launch -> launch.needs().stream())
                .filter(need -> need.condition() == Condition.COMPLETED)
                .map(Launch.Need::entry)
                .toList();

        @Override
        public void changed() {
            tools.timer().execute(UpSession.this::look);
        }

        @Override
        public boolean isStarting() {
            return !up.isDone();
        }

        @Override
        public boolean endsByItself(String entry) {
            return awaitedEnds.contains(entry);
        }
    }
}
