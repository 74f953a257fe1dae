package io.tulle.control.push;

import io.tulle.compile.Hearing;
import io.tulle.compile.MeshCompiler;
import io.tulle.control.registry.Registry;
import io.tulle.control.store.ResourceStore;
import io.tulle.control.store.StoreException;
import io.tulle.model.Problem;
import io.tulle.model.shared.SharedMap;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.World;
import io.tulle.xds.Culprit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
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

    /** Between two answers to one node: nobody who asks without end takes more than his part of this thread. */
    private static final Duration BREATH = Duration.ofMillis(2);

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
    private final Map<String, Published> published = new HashMap<>();
    private final Map<String, Instant> answered = new HashMap<>();
    private SharedMap<String, Instance> told = SharedMap.empty(); // who was there when all were told last
    private final Set<String> asking = ConcurrentHashMap.newKeySet(); // nodes that want something else than before
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

    /** Where it is noted that a node was sent something. */
    @FunctionalInterface
    private interface Noted {
        void sent(String node, long revision, String version);
    }

    /** What a node was told last. */
    private record Published(Hearing hearing, String version) {}

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

    /** A node asks for something else than before: it is told at once, of the mesh as it is. Cheap, from any thread. */
    public void asked(String node) {
        if (!asking.add(node)) return;
        try {
            executor.execute(() -> answer(node));
        } catch (RejectedExecutionException closing) {
            LOG.debug("{} asked while the mesh was closing", node);
        }
    }

    /** At once, but for one that was answered a moment ago: what it asks for meanwhile is one answer. */
    private void answer(String node) {
        var early = Duration.between(
                clock.instant(), answered.getOrDefault(node, Instant.EPOCH).plus(BREATH));
        if (early.isPositive() && early.compareTo(BREATH) <= 0) {
            executor.schedule(() -> answerNow(node), early.toNanos(), TimeUnit.NANOSECONDS);
        } else {
            answerNow(node);
        }
    }

    private void answerNow(String node) {
        asking.remove(node);
        var instance = compiler.fleet().instances().find(node);
        if (instance.isEmpty()) return; // the push that knows it will tell it
        answered.put(node, clock.instant());
        tell(instance.get(), compiler.world().revision(), rollout::asked);
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
        told.differing(instances).stream()
                .filter(node -> !instances.containsKey(node))
                .forEach(this::forget);
        told = instances;
        for (var instance : instances.values()) tell(instance, revision, rollout::sent);
        rollout.compiled(revision);
        LOG.debug("revision={} compiled={}", revision, compiler.compiled());
    }

    private void forget(String node) {
        published.remove(node);
        answered.remove(node);
        publisher.forget(node);
        rollout.gone(node);
        verdicts.forget(node, compiler);
    }

    private void tell(Instance instance, long revision, Noted noted) {
        try {
            tellWhatIsNew(instance, revision, noted);
        } catch (RuntimeException | StackOverflowError e) {
            var code = PushCode.UNSENDABLE.code();
            LOG.error("{} {} keeps what it has: its configuration could not be made", code, instance.id(), e);
            rollout.unsendable(instance.id(), revision, code + " " + PushCode.UNSENDABLE.title() + ": " + e);
        }
    }

    /** A proxy that stands on the same shelves as before has nothing to hear, and is not woken. */
    private void tellWhatIsNew(Instance instance, long revision, Noted noted) {
        var id = instance.id();
        var before = Optional.ofNullable(published.get(id));
        var hearing = compiler.heardBy(instance, publisher.demandOf(id), before.map(Published::hearing));
        if (before.filter(known -> hearing.isSame(known.hearing())).isPresent()) {
            rollout.unchanged(id, revision);
            published.put(id, new Published(hearing, before.orElseThrow().version()));
            return;
        }
        var bundle = hearing.bundle();
        // Of the same content it may still be the answer to more than before.
        publisher.publish(id, bundle);
        if (before.filter(known -> known.version().equals(bundle.version())).isPresent()) {
            rollout.unchanged(id, revision);
        } else {
            noted.sent(id, revision, bundle.version());
        }
        published.put(
                id, new Published(hearing, bundle.version())); // only now: what could not be published is tried again
    }

    @Override
    public void close() {
        commits.close();
        executor.shutdown();
    }
}
