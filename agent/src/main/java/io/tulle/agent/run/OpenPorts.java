package io.tulle.agent.run;

import io.tulle.launch.health.HealthCode;
import io.tulle.launch.health.HealthMonitor.Health;
import io.tulle.launch.health.Question;
import io.tulle.launch.health.Timer;
import io.tulle.launch.ports.Listening;
import io.tulle.launch.ports.PortWatch;
import io.tulle.launch.ports.ProcessGroup;
import io.tulle.launch.process.ProcessCode;
import io.tulle.model.world.Serving;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Which of its declared ports the application serves: on which it listens, as the hook or the kernel's tables say it, and, where it
 * has a health check, passes that. A port that stays closed for 10 s is told to the user, with the ports that the application
 * listens on instead; and so is a check that does not pass.
 */
final class OpenPorts implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String instance;
    private final SortedSet<Integer> declared;
    private final Consumer<Serving> changed;
    private final Consumer<String> told;
    private final Duration patience;
    private final CompletableFuture<Void> all = new CompletableFuture<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("ports").daemon().factory());

    // Guarded by this.
    private SortedSet<Integer> open = new TreeSet<>();
    private SortedSet<Integer> elsewhere = new TreeSet<>();
    private Set<Integer> moved = Set.of(); // where the hook has moved listeners to: nobody's ports but the sidecar's
    private Supplier<Optional<SortedSet<Integer>>> held = Optional::empty;
    private long changes;
    private Optional<HealthWatch> health = Optional.empty();
    private boolean isWell = true;
    private boolean wasUnwell; // it has been told
    private long listenings; // how often it began to listen: health of before says nothing of it now

    /**
     * Nothing is open yet.
     *
     * @param changed told of each change, in order
     * @param told a person
     */
    OpenPorts(String instance, Collection<Integer> declared, Consumer<Serving> changed, Consumer<String> told) {
        this(instance, declared, changed, told, PATIENCE);
    }

    OpenPorts(
            String instance,
            Collection<Integer> declared,
            Consumer<Serving> changed,
            Consumer<String> told,
            Duration patience) {
        this.patience = patience;
        this.instance = instance;
        this.declared = new TreeSet<>(declared);
        this.changed = changed;
        this.told = told;
        if (declared.isEmpty()) all.complete(null);
    }

    /** From now on its ports count as open while its check passes, too; it is asked while it listens on any of them. */
    synchronized void check(Question.Ask question, Clock clock) {
        health = Optional.of(new HealthWatch(question, Timer.on(thread), clock));
        isWell = false;
    }

    /** Done once every declared port has been open at the same time. */
    CompletableFuture<Void> all() {
        return all;
    }

    synchronized Serving serving() {
        var closed = new TreeSet<>(declared);
        if (isWell) closed.removeAll(open);
        return new Serving(closed, elsewhere, !isWell && !open.isEmpty());
    }

    /** The application is started: from now on the wait for its ports counts. */
    void expect(Supplier<Optional<Long>> group, Supplier<Listening> look) {
        synchronized (this) {
            held = () -> group.get().map(number -> look.get().heldBy(new ProcessGroup(number)));
        }
        lookLater(0);
    }

    /** Reads the kernel's tables from now on, where no hook says it. */
    void watch(Supplier<Listening> look) {
        if (!declared.isEmpty()) PortWatch.start(declared, look, thread, this::nowOpen);
    }

    /** These ports are open, and no others, each where the hook has moved it to. */
    void nowAt(Map<Integer, InetSocketAddress> places) {
        synchronized (this) {
            moved = places.values().stream().map(InetSocketAddress::getPort).collect(Collectors.toSet());
        }
        nowOpen(places.keySet());
    }

    /** These ports are open, and no others. */
    void nowOpen(Collection<Integer> ports) {
        synchronized (this) {
            var now = new TreeSet<>(ports);
            now.retainAll(declared);
            if (now.equals(open)) return;
            health.ifPresent(watch -> follow(watch, now));
            open = now;
            elsewhere = new TreeSet<>();
            changes++;
            changed.accept(serving());
            if (!open.containsAll(declared)) lookLater(changes);
        }
        completeWhenAllAreOpen();
    }

    private void follow(HealthWatch watch, SortedSet<Integer> now) {
        if (open.isEmpty() == now.isEmpty()) return;
        isWell = false;
        var listening = ++listenings;
        if (now.isEmpty()) watch.end();
        else watch.begin(said -> heard(listening, said));
    }

    private void heard(long listening, Health said) {
        synchronized (this) {
            if (listening != listenings) return;
            isWell = said instanceof Health.Well;
            changed.accept(serving());
            tell(said);
        }
        completeWhenAllAreOpen();
    }

    private void tell(Health said) {
        switch (said) {
            case Health.Starting() -> {}
            case Health.Well() -> {
                if (wasUnwell) told.accept(instance + " is well again");
                wasUnwell = false;
            }
            case Health.Unwell(var why) -> {
                wasUnwell = true;
                told.accept(HealthCode.FAILS
                        .warning(instance + " gets no traffic: its health check does not pass"
                                + (why.isEmpty() ? "" : ": " + why))
                        .explained());
            }
        }
    }

    private void completeWhenAllAreOpen() {
        if (serving().closed().isEmpty()) all.complete(null);
    }

    private void lookLater(long at) {
        try {
            thread.schedule(() -> late(at), patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            // the run is over
        }
    }

    private synchronized void late(long at) {
        if (at != changes || open.containsAll(declared)) return;
        var listens = held.get();
        if (listens.isEmpty()) {
            lookLater(at); // it is not running now: it is to be started again
            return;
        }
        elsewhere = listens.get();
        elsewhere.removeAll(declared);
        elsewhere.removeAll(moved);
        changed.accept(serving());
        var shut = new TreeSet<>(declared); // whatever a health check says of those that are open
        shut.removeAll(open);
        told.accept(ProcessCode.PORT_NOT_SERVED
                .warning(instance + " exposes " + listed(shut) + ", and its application does not listen there"
                        + (elsewhere.isEmpty() ? "" : "; it listens on " + listed(elsewhere)))
                .explained());
    }

    private static String listed(Collection<Integer> ports) {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
