package io.tulle.control.push;

import io.tulle.compile.MeshCompiler;
import io.tulle.control.registry.Registry;
import io.tulle.control.store.ResourceStore;
import io.tulle.control.store.StoreException;
import io.tulle.model.Problem;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.World;
import io.tulle.xds.Culprit;
import io.tulle.xds.layer.Bundle;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mesh as it is now, and the loop that keeps every proxy told: one serial executor owns all of it. Changes that come
 * within the quiet period are one push; a proxy has at most one pending, because the publisher keeps only the newest.
 */
public final class Mesh implements AutoCloseable {
    /** Long enough for a burst of one apply or one start, short enough not to be felt (Istio waits 100 ms). */
    private static final Duration QUIET = Duration.ofMillis(10);

    /** However long a push has taken, the next waits no longer than this. */
    private static final Duration LONGEST_QUIET = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Mesh.class);

    private final Registry registry;
    private final Declared declared;
    private final Publisher publisher;
    private final ScheduledExecutorService executor;
    private final Rollout rollout = new Rollout();
    private final Verdicts verdicts; // the executor's
    private final InstantSource clock;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final ResourceStore.Registration commits;

    // Owned by the executor.
    private final Map<String, Bundle> published = new HashMap<>();
    private volatile MeshCompiler compiler;
    private volatile Instant rested = Instant.MIN; // when the next push may begin
    private List<Problem> unread = List.of();
    private SortedMap<ResourceRef, Problem> unreadable = Collections.emptySortedMap();
    private volatile List<Problem> problems = List.of();
    private volatile SortedMap<ResourceRef, Problem> leftOut = Collections.emptySortedMap();

    private Mesh(
            ResourceStore store,
            Registry registry,
            Settings settings,
            Publisher publisher,
            ScheduledExecutorService executor) {
        this.registry = registry;
        this.declared = new Declared(store, settings.mesh());
        this.publisher = publisher;
        this.executor = executor;
        this.clock = settings.clock();
        this.verdicts = new Verdicts(store, settings.clock());
        this.compiler = MeshCompiler.of(World.empty(settings.mesh()), Fleet.EMPTY, settings.roots());
        this.commits = store.onCommit(this::changed);
    }

    /** @param roots PEM certificates that every identity of the mesh leads to */
    public record Settings(MeshSettings mesh, List<String> roots, InstantSource clock) {
        public Settings {
            roots = List.copyOf(roots);
        }
    }

    /**
     * Begins to follow the store and the registry.
     *
     * @param executor serial; nothing else runs on it
     */
    public static Mesh start(
            ResourceStore store,
            Registry registry,
            Settings settings,
            Publisher publisher,
            ScheduledExecutorService executor) {
        var mesh = new Mesh(store, registry, settings, publisher, executor);
        registry.listen(_ -> mesh.changed());
        mesh.changed();
        return mesh;
    }

    public Rollout rollout() {
        return rollout;
    }

    /** A proxy has answered for everything of a version; what it refused goes into the rollout and into statuses. */
    public void settled(String node, String version, List<Culprit> culprits) {
        rollout.settled(node, version, culprits.stream().map(Culprit::toString).toList());
        try {
            executor.execute(() -> verdicts.heard(node, culprits, compiler));
        } catch (RejectedExecutionException closing) {
            LOG.debug("{} answered while the mesh was closing", node);
        }
    }

    /** What was declared, as of the last push. */
    public World world() {
        return compiler.world();
    }

    /** Who was running, as of the last push. */
    public Fleet fleet() {
        return compiler.fleet();
    }

    /** What the resources of the last push are wrong in; what is wrong is left out, the rest is in force. */
    public List<Problem> problems() {
        return problems;
    }

    /** Each resource that is not in force as it is written, and why. */
    public SortedMap<ResourceRef, Problem> leftOut() {
        return leftOut;
    }

    /** What is declared now, whether or not it is pushed already. */
    public Declared declared() {
        return declared;
    }

    /** The mesh as of the last push, to see what a change would make of it. */
    public MeshCompiler compiled() {
        return compiler;
    }

    /** Something changed somewhere: look again, after a quiet moment. Cheap, from any thread. */
    private void changed() {
        if (scheduled.compareAndSet(false, true)) {
            executor.schedule(this::push, quiet(rested, clock.instant()).toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** In a burst that does not end a push waits for as long as the last one took: pushes use half of one core at most. */
    static Duration quiet(Instant rested, Instant now) {
        if (!rested.isAfter(now.plus(QUIET))) return QUIET;
        return rested.isBefore(now.plus(LONGEST_QUIET)) ? Duration.between(now, rested) : LONGEST_QUIET;
    }

    private void push() {
        scheduled.set(false);
        var began = clock.instant();
        try {
            var reading = declared.now().reading();
            unread = reading.problems();
            unreadable = reading.leftOut();
            compiler = compiler.then(reading.world(), registry.fleet());
            tellWhatIsLeftOut();
            tellAll();
        } catch (StoreException e) {
            LOG.error("the store cannot be read; every proxy keeps what it has", e);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("the mesh could not be compiled; every proxy keeps what it has", e);
        } finally {
            var ended = clock.instant();
            rested = ended.plus(Duration.between(began, ended));
        }
    }

    private void tellWhatIsLeftOut() {
        var all = new TreeMap<>(unreadable);
        var told = new ArrayList<>(unread);
        compiler.leftOut().forEach((resource, reason) -> {
            var problem = PushCode.leftOut(resource, reason);
            all.putIfAbsent(resource, problem);
            told.add(problem);
        });
        compiler.hopeless().forEach((host, reason) -> told.add(PushCode.hopeless(host, reason)));
        problems = List.copyOf(told);
        leftOut = Collections.unmodifiableSortedMap(all);
        verdicts.leftOut(all, compiler);
    }

    private void tellAll() {
        var revision = compiler.world().revision();
        var instances = compiler.fleet().instances();
        var gone = new HashSet<>(published.keySet());
        gone.removeAll(instances.keySet());
        gone.forEach(node -> {
            published.remove(node);
            publisher.forget(node);
            rollout.gone(node);
            verdicts.forget(node, compiler);
        });
        for (var instance : instances.values()) {
            try {
                tell(instance, revision);
            } catch (RuntimeException | StackOverflowError e) {
                var code = PushCode.UNSENDABLE.code();
                LOG.error("{} {} keeps what it has: its configuration could not be made", code, instance.id(), e);
                rollout.unsendable(instance.id(), revision, code + " " + PushCode.UNSENDABLE.title() + ": " + e);
            }
        }
        rollout.compiled(revision);
        LOG.debug("revision={} compiled={}", revision, compiler.compiled());
    }

    /** A proxy that stands on the same shelves as before has nothing to hear, and is not woken. */
    private void tell(Instance instance, long revision) {
        var shelves = compiler.shelvesFor(instance);
        var before = Optional.ofNullable(published.get(instance.id()));
        if (before.filter(bundle -> bundle.standsOn(shelves)).isPresent()) {
            rollout.unchanged(instance.id(), revision);
            return;
        }
        var bundle = Bundle.of(shelves);
        if (before.filter(known -> known.version().equals(bundle.version())).isPresent()) {
            rollout.unchanged(instance.id(), revision);
        } else {
            publisher.publish(instance.id(), bundle);
            rollout.sent(instance.id(), revision, bundle.version());
        }
        published.put(instance.id(), bundle); // only now: what could not be published is tried again
    }

    @Override
    public void close() {
        commits.close();
        executor.shutdown();
    }
}
