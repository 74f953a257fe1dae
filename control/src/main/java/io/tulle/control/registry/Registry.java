package io.tulle.control.registry;

import io.tulle.control.identity.Checked;
import io.tulle.control.identity.Svid;
import io.tulle.control.registry.Tenancy.Stage;
import io.tulle.model.Problem;
import io.tulle.model.SpiffeId;
import io.tulle.model.shared.SharedMap;
import io.tulle.model.world.Claimant;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.Serving;
import io.tulle.model.world.Workload;
import io.tulle.xds.registry.Announcement;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is running. One lock guards it, under which nothing waits; what is written to the disk is written under another, or a
 * slow disk would keep heartbeats out until leases are over.
 *
 * <pre>
 *  register ──▶ LIVE ──stream lost──▶ SUSPECT ──┐ lease over
 *   restart     ▲  └──────────────────────────┬─┘
 *      │        │ heard again                 ▼
 *      ▼        ├───────── LINGERING ◀─no── does anybody outlive it? (see {@link Witnesses})
 *  RECALLED ────┘              └── yes ─┐     │ yes
 *      └─ three leases over (as LIVE)   ▼     ▼
 *               leave, forget ─────▶ withdrawn; the last of its service leaves its name behind
 * </pre>
 *
 * <p>A cut that silences everybody proves nothing about anybody, so it withdraws nobody. After a restart every known
 * instance has three leases to be heard again, after a sleep of this process itself (SIGSTOP, a suspended machine, a jump
 * of the clock) a whole one.
 */
public final class Registry implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

    private final RegistrySettings settings;
    private final Archive archive;
    private final Clock clock;

    private final Tenants tenants = new Tenants();
    private final Departed departed = new Departed();
    private final List<FleetListener> listeners = new ArrayList<>();
    private final Metronome.Beating beating;
    private volatile Fleet fleet = Fleet.EMPTY;
    private Instant swept;
    private Instant recovered;
    private long sessions;

    private Registry(RegistrySettings settings, LeaseStore store, Clock clock, Metronome metronome) {
        this.settings = settings;
        this.archive = new Archive(store);
        this.clock = clock;
        this.swept = clock.instant();
        this.recovered = swept.plus(settings.recovery());
        for (var lease : store.all()) {
            tenants.put(new Tenancy(
                    lease.instance(),
                    lease.identity(),
                    lease.software(),
                    lease.host(),
                    0,
                    swept,
                    swept,
                    Instant.MIN,
                    "",
                    false,
                    Stage.RECALLED));
        }
        departed.recall(store.tombstones(), swept);
        tenants.all().forEach(each -> departed.isBack(each.announced().service()));
        var recalled = tenants.all().stream().map(Tenancy::instance).toList();
        if (!recalled.isEmpty() || !departed.ports().isEmpty()) fleet = Fleet.of(1, recalled, departed.ports());
        this.beating = metronome.every(settings.sweep(), this::sweep);
    }

    /** Recalls every stored instance and begins to watch; throws {@link LeaseStoreException} where it cannot recall. */
    public static Registry start(RegistrySettings settings, LeaseStore store, Clock clock, Metronome metronome) {
        return new Registry(settings, store, clock, metronome);
    }

    public RegistrySettings settings() {
        return settings;
    }

    /**
     * Takes an instance in, as its certificate allows. The same run comes back over another stream; another run is refused
     * while this one is heard, unless it takes the name over on purpose. Another identity is refused while the id is known.
     */
    public Checked<Lease> register(Svid peer, Announcement said) {
        Checked<Instance> own = isOf(peer, said.instance().workload())
                ? Coverage.of(peer, said.instance())
                : Checked.refused(differs(peer, said.instance().workload()));
        var outcome = own.then(instance -> admit(peer, said, instance));
        outcome.refusal()
                .ifPresent(p -> LOG.warn("refused id={} code={} message=\"{}\"", peer.id(), p.code(), p.message()));
        return outcome;
    }

    /** Keeps a lease for another TTL, from when it came; a suspect that is heard again is live. */
    public Beat heartbeat(Lease lease) {
        var when = clock.instant();
        boolean isBack;
        synchronized (this) {
            var tenant = tenants.find(lease.instance());
            if (tenant.isEmpty()) return Beat.GONE;
            if (tenant.get().session() != lease.session()) return Beat.REPLACED;
            isBack = tenant.get().stage() == Stage.LINGERING;
            change(tenant.get(), t -> t.heard(when, settings.proof()).at(Stage.LIVE));
        }
        // What lingered is stored as suspect, and must not be recalled so once it is back.
        if (isBack) persist(lease.instance());
        return Beat.KEPT;
    }

    /** Other ports of the application are open than before: a closed one gets no traffic from now on. */
    public boolean serving(Lease lease, Serving said) {
        synchronized (this) {
            var tenant = holder(lease);
            if (tenant.isEmpty()) return false;
            change(tenant.get(), each -> each.serving(said));
        }
        persist(lease.instance());
        return true;
    }

    /** The instance's stream ended without a word: suspect at once, withdrawn when its lease is over. */
    public synchronized boolean lost(Lease lease) {
        return holder(lease)
                .filter(tenant -> tenant.stage() == Stage.LIVE)
                .map(tenant -> change(tenant, t -> t.at(Stage.SUSPECT)))
                .isPresent();
    }

    /** The instance goes, as it says itself: withdrawn at once. */
    public boolean leave(Lease lease) {
        synchronized (this) {
            var tenant = holder(lease);
            if (tenant.isEmpty()) return false;
            withdraw(tenant.get(), "left");
        }
        persist(lease.instance());
        return true;
    }

    /**
     * A peer says that nobody listens at its mesh port. If it only lingers, it is withdrawn; else this is remembered until
     * its lease is over or it is heard again, since a peer's word alone takes nobody's place.
     */
    public boolean unreachable(String instance) {
        return testified(instance, _ -> true, each -> each.refusedAt(clock.instant()), "unreachable");
    }

    /**
     * The guardian of a run's application says that the run was killed. Who says it proves by the run's number alone that it belongs
     * to it. True when it is withdrawn by that; else it will be when its lease is over, unless it is heard all the same.
     */
    public boolean ended(String instance, String run) {
        return testified(instance, each -> each.isRun(run), Tenancy::killed, "killed");
    }

    private boolean testified(String instance, Predicate<Tenancy> of, UnaryOperator<Tenancy> noted, String why) {
        synchronized (this) {
            var tenant = tenants.find(instance).filter(of);
            if (tenant.isEmpty()) return false;
            if (tenant.get().stage() != Stage.LINGERING) {
                tenants.put(noted.apply(tenant.get()));
                return false;
            }
            withdraw(tenant.get(), why);
        }
        persist(instance);
        return true;
    }

    /** What becomes of a wish to forget a name. */
    public enum Forgetting {
        FORGOTTEN,
        /** The instance is heard: it would be back at once. */
        IS_THERE,
        UNKNOWN
    }

    /** Forgets an instance that is not heard, or a service that has none any more, before its time. */
    public Forgetting forget(String name) {
        synchronized (this) {
            var tenant = tenants.find(name);
            if (tenant.isEmpty()) {
                if (!departed.forget(name)) return Forgetting.UNKNOWN;
                publish(fleet.instances());
            } else {
                if (tenant.get().stage() == Stage.LIVE) return Forgetting.IS_THERE;
                withdraw(tenant.get(), "forgotten");
            }
        }
        persist(name);
        return Forgetting.FORGOTTEN;
    }

    public Fleet fleet() {
        return fleet;
    }

    /** Grows with each change of the {@link #fleet}; heartbeats change nothing. Begins anew with each start. */
    public long version() {
        return fleet.version();
    }

    /** Hears the present fleet now and each later one. */
    public synchronized void listen(FleetListener listener) {
        listeners.add(listener);
        listener.changed(fleet);
    }

    /** Whether instances known from before the restart are still awaited. */
    public synchronized boolean isRecovering() {
        return clock.instant().isBefore(recovered) && tenants.all().stream().anyMatch(t -> t.stage() == Stage.RECALLED);
    }

    /** Who holds an instance id; for the desk that signs it into leaves. */
    public synchronized Optional<SpiffeId> holderOf(String instance) {
        return tenants.find(instance).map(Tenancy::identity);
    }

    public synchronized List<Tenancy> tenancies() {
        return List.copyOf(tenants.all());
    }

    @Override
    public void close() {
        beating.close();
    }

    private void sweep() {
        var changed = sweepAt(clock.instant());
        changed.forEach(this::persist);
        persistNames();
        // A sleep is what passes between two sweeps, not what a sweep itself had to wait for.
        synchronized (this) {
            swept = clock.instant();
        }
    }

    private synchronized List<String> sweepAt(Instant now) {
        if (departed.age(now)) publish(fleet.instances());
        var slept = now.isBefore(swept) || now.isAfter(swept.plus(settings.proof()));
        if (slept) {
            LOG.warn("slept: every instance has a new lease to be heard in");
            tenants.replaceAll(tenant -> tenant.forgiven(now));
            recovered = now.plus(settings.ttl());
        }
        if (slept || isRecovering()) return List.of();
        var witnesses = Witnesses.among(tenants.all(), settings, now);
        var changed = new ArrayList<String>();
        for (var tenant : List.copyOf(tenants.all())) {
            if (now.isBefore(tenant.heard().plus(settings.ttl()))) continue;
            if (witnesses.outlive(tenant)) withdraw(tenant, "expired");
            else if (tenant.stage() != Stage.LINGERING) change(tenant, t -> t.at(Stage.LINGERING));
            else continue;
            changed.add(tenant.announced().id());
        }
        return changed;
    }

    private Checked<Lease> admit(Svid peer, Announcement said, Instance instance) {
        // Nobody else comes in or goes meanwhile.
        return archive.alone(() -> {
            var refusal = refusal(peer, instance.id(), said.claimant());
            if (refusal.isPresent()) return Checked.refused(refusal.get());
            var lease = new StoredLease(instance, peer.id(), said.software(), said.host());
            // A whole fleet that reconnects unchanged costs no write.
            if (!isStored(lease)) {
                var failure = archive.save(lease);
                if (failure.isPresent()) return Checked.refused(failure.get());
            }
            var taken = takeIn(lease, said.claimant().run());
            persistNames();
            return Checked.fit(taken);
        });
    }

    private synchronized Optional<Problem> refusal(Svid peer, String id, Claimant claimant) {
        var before = tenants.find(id);
        if (before.filter(t -> !t.identity().equals(peer.id())).isPresent()) {
            return Optional.of(RegistryCode.INSTANCE_TAKEN.problem("the instance id " + id + " is taken"));
        }
        var runs = before.filter(t -> t.stage() == Stage.LIVE && !t.run().equals(claimant.run()));
        if (runs.isPresent() && !claimant.replaces()) return Optional.of(runsAlready(runs.get()));
        return before.isEmpty() && tenants.all().size() >= settings.mostInstances()
                ? Optional.of(RegistryCode.REGISTRY_FULL.problem())
                : Optional.empty();
    }

    private synchronized boolean isStored(StoredLease lease) {
        return tenants.find(lease.instance().id())
                .map(Tenancy::stored)
                .filter(lease::equals)
                .isPresent();
    }

    private static Problem runsAlready(Tenancy tenant) {
        var there = tenant.announced().workload();
        return RegistryCode.RUNS_ALREADY.problem(
                there.id() + " runs already: its sidecar is at " + there.address() + " port " + there.meshPort()
                        + ", heard since " + tenant.steady().truncatedTo(ChronoUnit.SECONDS));
    }

    private synchronized Lease takeIn(StoredLease lease, String run) {
        var id = lease.instance().id();
        var when = clock.instant();
        var steady = tenants.find(id)
                .filter(t -> t.stage() != Stage.RECALLED)
                .map(t -> t.steadyAt(when, settings.proof()))
                .orElse(when);
        departed.isBack(lease.instance().service());
        put(new Tenancy(
                lease.instance(),
                lease.identity(),
                lease.software(),
                lease.host(),
                ++sessions,
                steady,
                when,
                Instant.MIN,
                run,
                false,
                Stage.LIVE));
        return new Lease(id, sessions);
    }

    private static Problem differs(Svid peer, Workload workload) {
        var namespace = peer.id().namespace();
        var account = peer.id().account();
        var right = namespace.isEmpty() || account.isEmpty()
                ? "join again under the right names"
                : "join as it says: --namespace " + namespace.get() + " --account " + account.get();
        return RegistryCode.IDENTITY_DIFFERS.problem(
                workload.id() + " announced itself as account " + workload.account() + " of namespace "
                        + workload.service().namespace() + "; its certificate is " + peer.id()
                        + peer.instance().map(id -> ", instance " + id).orElse(""),
                right);
    }

    private boolean isOf(Svid peer, Workload workload) {
        return peer.id().trustDomain().equals(settings.trustDomain())
                && peer.id().namespace().equals(Optional.of(workload.service().namespace()))
                && peer.id().account().equals(Optional.of(workload.account()))
                && peer.instance().equals(Optional.of(workload.id()));
    }

    private Optional<Tenancy> holder(Lease lease) {
        return tenants.find(lease.instance()).filter(t -> t.session() == lease.session());
    }

    private Tenancy change(Tenancy tenant, UnaryOperator<Tenancy> to) {
        var now = to.apply(tenant);
        put(now);
        return now;
    }

    private void put(Tenancy tenant) {
        var now = tenant.instance();
        var before = tenants.put(tenant).map(Tenancy::instance);
        if (before.filter(now::equals).isEmpty()) publish(fleet.instances().with(now.id(), now));
    }

    private void withdraw(Tenancy tenant, String why) {
        var id = tenant.announced().id();
        var service = tenant.announced().service();
        LOG.info("withdrawn instance={} id={} why={}", id, tenant.identity(), why);
        tenants.remove(tenant);
        if (!tenants.hasAnyOf(service)) departed.add(tenant.announced(), clock.instant());
        publish(fleet.instances().without(id));
    }

    /** Brings an instance to the disk as it is now, or takes it off; not within the monitor. */
    private void persist(String id) {
        archive.instance(id, () -> {
            synchronized (this) {
                return tenants.find(id).map(Tenancy::stored);
            }
        });
        persistNames();
    }

    private void persistNames() {
        synchronized (this) {
            if (departed.isWritten()) return; // nothing to wait for the disk for
        }
        archive.names(() -> {
            synchronized (this) {
                return departed.takeUnwritten();
            }
        });
    }

    private void publish(SharedMap<String, Instance> running) {
        fleet = fleet.then(running, departed.ports());
        for (var listener : listeners) {
            try {
                listener.changed(fleet);
            } catch (RuntimeException e) {
                LOG.error("a listener failed version={}", fleet.version(), e);
            }
        }
    }
}
