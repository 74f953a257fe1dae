package io.tulle.control.registry;

import io.tulle.control.identity.Checked;
import io.tulle.control.identity.Svid;
import io.tulle.control.registry.Tenancy.Stage;
import io.tulle.model.Problem;
import io.tulle.model.ServiceName;
import io.tulle.model.SpiffeId;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is running. One lock guards it; each call is short.
 *
 * <pre>
 *  register ──▶ LIVE ──stream lost──▶ SUSPECT ──┐ lease over
 *   restart     ▲  └──────────────────────────┬─┘
 *      │        │ heard again                 ▼
 *      ▼        ├───────── LINGERING ◀─no── anybody in its service heard steadily half a lease later?
 *  RECALLED ────┘              └── yes ─┐     │ yes
 *      └─ three leases over (as LIVE)   ▼     ▼
 *                         leave ─────▶ withdrawn
 * </pre>
 *
 * <p>A cut that silences everybody proves nothing about anybody, so it withdraws nobody. After a restart every known
 * instance has three leases to be heard again, after a sleep of this process itself (SIGSTOP, a suspended machine, a jump
 * of the clock) a whole one.
 */
public final class Registry implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

    private final RegistrySettings settings;
    private final LeaseStore store;
    private final Clock clock;
    private final TreeMap<String, Tenancy> tenants = new TreeMap<>();
    private final List<FleetListener> listeners = new ArrayList<>();
    private final Metronome.Beating beating;
    private volatile Fleet fleet = Fleet.EMPTY;
    private Instant swept;
    private Instant recovered;
    private long sessions;

    private Registry(RegistrySettings settings, LeaseStore store, Clock clock, Metronome metronome) {
        this.settings = settings;
        this.store = store;
        this.clock = clock;
        this.swept = clock.instant();
        this.recovered = swept.plus(settings.recovery());
        for (var lease : store.all()) {
            var id = lease.instance().id();
            tenants.put(
                    id,
                    new Tenancy(lease.instance(), lease.identity(), lease.software(), 0, swept, swept, Stage.RECALLED));
        }
        if (!tenants.isEmpty()) fleet = Fleet.of(1, presented());
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
     * Takes an instance in, as its certificate allows. The same identity takes its id over from its older stream; another
     * identity is refused while the id is known.
     */
    public synchronized Checked<Lease> register(Svid peer, Facts facts) {
        var outcome = FactsReader.read(facts)
                .then(instance -> isOf(peer, facts)
                        ? Coverage.of(peer, instance)
                        : Checked.refused(RegistryCode.IDENTITY_DIFFERS.problem()))
                .then(instance -> admit(peer, facts, instance));
        outcome.refusal()
                .ifPresent(p -> LOG.warn("refused id={} code={} message=\"{}\"", peer.id(), p.code(), p.message()));
        return outcome;
    }

    /** Keeps a lease for another TTL; a suspect that is heard again is live. */
    public synchronized Beat heartbeat(Lease lease) {
        var tenant = tenants.get(lease.instance());
        if (tenant == null) return Beat.GONE;
        if (tenant.session() != lease.session()) return Beat.REPLACED;
        change(tenant, t -> t.heard(clock.instant(), settings.proof()).at(Stage.LIVE));
        return Beat.KEPT;
    }

    /** The instance's stream ended without a word: suspect at once, withdrawn when its lease is over. */
    public synchronized boolean lost(Lease lease) {
        return holder(lease)
                .filter(tenant -> tenant.stage() == Stage.LIVE)
                .map(tenant -> change(tenant, t -> t.at(Stage.SUSPECT)))
                .isPresent();
    }

    /** The instance goes, as it says itself: withdrawn at once. */
    public synchronized boolean leave(Lease lease) {
        var tenant = holder(lease);
        tenant.ifPresent(t -> withdraw(t, "left"));
        return tenant.isPresent();
    }

    /** Peers cannot connect to it: if it only lingers, it is withdrawn. */
    public synchronized boolean unreachable(String instance) {
        var lingering = Optional.ofNullable(tenants.get(instance)).filter(t -> t.stage() == Stage.LINGERING);
        lingering.ifPresent(t -> withdraw(t, "unreachable"));
        return lingering.isPresent();
    }

    /** Who is running, and how sure that is. */
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
        return clock.instant().isBefore(recovered)
                && tenants.values().stream().anyMatch(t -> t.stage() == Stage.RECALLED);
    }

    /** Who holds an instance id; for the desk that signs it into leaves. */
    public synchronized Optional<SpiffeId> holderOf(String instance) {
        return Optional.ofNullable(tenants.get(instance)).map(Tenancy::identity);
    }

    public synchronized List<Tenancy> tenancies() {
        return List.copyOf(tenants.values());
    }

    @Override
    public void close() {
        beating.close();
    }

    private synchronized void sweep() {
        var now = clock.instant();
        var slept = now.isBefore(swept) || now.isAfter(swept.plus(settings.proof()));
        swept = now;
        if (slept) {
            LOG.warn("slept: every instance has a new lease to be heard in");
            tenants.replaceAll((_, tenant) -> tenant.forgiven(now));
            recovered = now.plus(settings.ttl());
        }
        if (slept || isRecovering()) return;
        var lastHeard = lastHeard(now.minus(settings.proof()));
        for (var tenant : List.copyOf(tenants.values())) {
            if (now.isBefore(tenant.heard().plus(settings.ttl()))) continue;
            if (isOutlived(tenant, lastHeard)) {
                withdraw(tenant, "expired");
            } else if (tenant.stage() != Stage.LINGERING) {
                save(change(tenant, t -> t.at(Stage.LINGERING)).stored());
            }
        }
    }

    /**
     * When each service was last heard, by any of it that is live and has been steady since then: when a cut heals, the
     * first to be back must not outlive those that come a moment later.
     */
    private Map<ServiceName, Instant> lastHeard(Instant steady) {
        var last = new HashMap<ServiceName, Instant>();
        for (var tenant : tenants.values()) {
            if (tenant.stage() != Stage.LIVE || tenant.steady().isAfter(steady)) continue;
            last.merge(tenant.announced().service(), tenant.heard(), (a, b) -> a.isAfter(b) ? a : b);
        }
        return last;
    }

    /** Whether its service has an instance that was surely alive when this one had fallen silent. */
    private boolean isOutlived(Tenancy tenant, Map<ServiceName, Instant> lastHeard) {
        return lastHeard
                .getOrDefault(tenant.announced().service(), Instant.MIN)
                .isAfter(tenant.heard().plus(settings.proof()));
    }

    private Checked<Lease> admit(Svid peer, Facts facts, Instance instance) {
        var id = instance.id();
        var before = Optional.ofNullable(tenants.get(id));
        if (before.filter(t -> !t.identity().equals(peer.id())).isPresent()) {
            return Checked.refused(RegistryCode.INSTANCE_TAKEN.problem("the instance id " + id + " is taken"));
        }
        if (before.isEmpty() && tenants.size() >= settings.mostInstances()) {
            return Checked.refused(RegistryCode.REGISTRY_FULL.problem());
        }
        var when = clock.instant();
        var steady = before.filter(t -> t.stage() != Stage.RECALLED)
                .map(t -> t.steadyAt(when, settings.proof()))
                .orElse(when);
        var now = new Tenancy(instance, peer.id(), facts.software(), ++sessions, steady, when, Stage.LIVE);
        // A whole fleet that reconnects unchanged costs no write.
        if (before.map(Tenancy::stored).filter(now.stored()::equals).isEmpty()) {
            var failure = save(now.stored());
            if (failure.isPresent()) return Checked.refused(failure.get());
        }
        put(now);
        return Checked.fit(new Lease(id, now.session()));
    }

    private boolean isOf(Svid peer, Facts facts) {
        return peer.id().trustDomain().equals(settings.trustDomain())
                && peer.id().namespace().equals(Optional.of(facts.namespace()))
                && peer.id().account().equals(Optional.of(facts.account()))
                && peer.instance().equals(Optional.of(facts.instance()));
    }

    private Optional<Tenancy> holder(Lease lease) {
        return Optional.ofNullable(tenants.get(lease.instance())).filter(t -> t.session() == lease.session());
    }

    private Tenancy change(Tenancy tenant, UnaryOperator<Tenancy> to) {
        var now = to.apply(tenant);
        // What lingered is stored as suspect, and must not be recalled so once it is back.
        if (tenant.stage() == Stage.LINGERING && now.stage() == Stage.LIVE) save(now.stored());
        put(now);
        return now;
    }

    private void put(Tenancy tenant) {
        var before = tenants.put(tenant.announced().id(), tenant);
        if (before == null || !before.instance().equals(tenant.instance())) publish();
    }

    private void withdraw(Tenancy tenant, String why) {
        var id = tenant.announced().id();
        LOG.info("withdrawn instance={} id={} why={}", id, tenant.identity(), why);
        tenants.remove(id);
        try {
            store.remove(id);
        } catch (LeaseStoreException e) {
            // At worst a restart recalls it, and withdraws it after one lease.
            LOG.error("a lease could not be removed instance={}", id, e);
        }
        publish();
    }

    private Optional<Problem> save(StoredLease lease) {
        try {
            store.save(lease);
            return Optional.empty();
        } catch (LeaseStoreException e) {
            LOG.error(
                    "a lease could not be stored instance={}", lease.instance().id(), e);
            return Optional.of(e.problem());
        }
    }

    private void publish() {
        fleet = Fleet.of(fleet.version() + 1, presented());
        for (var listener : listeners) {
            try {
                listener.changed(fleet);
            } catch (RuntimeException e) {
                LOG.error("a listener failed version={}", fleet.version(), e);
            }
        }
    }

    private List<Instance> presented() {
        return tenants.values().stream().map(Tenancy::instance).toList();
    }
}
