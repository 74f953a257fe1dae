package io.tulle.compile;

import io.tulle.model.world.AccessPolicy;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.PeerPolicy;
import io.tulle.model.world.ProxyNode;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.Scope;
import io.tulle.model.world.World;
import io.tulle.xds.codec.Resource;
import io.tulle.xds.layer.Demand;
import io.tulle.xds.layer.Shelf;
import io.tulle.xds.spec.PeerSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.TrustSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The mesh at one moment, as its proxies may hear it: of each destination a layer that its clients share, of each node a layer of its
 * own. The next moment shares every layer that a change does not touch, and what comes out depends on World and Fleet alone.
 */
public final class MeshCompiler {
    private final World world;
    private final Fleet fleet;
    private final TrustSpec trust;
    private final Sound sound;
    private final Shelves shelves;
    private final Residents residents;
    private final Shelf everybodys; // trust, and the cluster that leads nowhere
    private final Set<String> compiled;
    private final Set<String> moved; // instances that are not as they were
    private final Scoping scoping;
    private final Moment moment = new Moment();
    private final Optional<Moment> before;

    /** Compared by identity. */
    private static final class Moment {}

    /**
     * What was there before the step.
     *
     * @param moved the instances that are not as they were then
     */
    private record Past(Moment moment, Set<String> moved, Scoping scoping) {}

    private MeshCompiler(
            World world,
            Fleet fleet,
            TrustSpec trust,
            Sieve.Step step,
            Shelves shelves,
            Residents residents,
            Shelf everybodys,
            Optional<Past> past) {
        this.scoping = past.map(Past::scoping).orElse(Scoping.NONE).next();
        this.world = world;
        this.fleet = fleet;
        this.trust = trust;
        this.sound = step.now();
        this.shelves = shelves;
        this.residents = residents;
        this.everybodys = everybodys;
        this.compiled = new HashSet<>();
        step.compiled().values().forEach(compiled::addAll);
        this.before = past.map(Past::moment);
        this.moved = past.map(Past::moved).orElse(Set.of());
    }

    /** The mesh as it is; {@code roots} are the PEM certificates that its identities lead to. */
    public static MeshCompiler of(World world, Fleet fleet, List<String> roots) {
        var trust = new TrustSpec(Names.TRUST, world.settings().trustDomain(), roots);
        var start = new Sieve.Step(Sound.NOTHING, Map.of(), Set.of());
        var everybodys = Shelf.of(Stream.of(trust, Nowhere.CLUSTER)
                .map(spec -> Encoded.of(spec).resource())
                .toList());
        var nothing = World.empty(world.settings());
        return new MeshCompiler(
                        nothing,
                        Fleet.EMPTY,
                        trust,
                        start,
                        Shelves.NONE,
                        Residents.NOBODY,
                        everybodys,
                        Optional.empty())
                .then(world, fleet);
    }

    /** The mesh after a change; only what the change touches is compiled. */
    public MeshCompiler then(World newWorld, Fleet newFleet) {
        var step = Sieve.sift(newWorld, newFleet, sound);
        var differing = fleet.instances().differing(newFleet.instances());
        var now = residents(step, newFleet, differing);
        return new MeshCompiler(
                newWorld,
                newFleet,
                trust,
                step,
                shelves.then(sound, step.now(), now.kinds(), step.compiled()),
                now,
                everybodys,
                Optional.of(new Past(moment, differing, scoping)));
    }

    /** Resources that are not in force as they are written, because no proxy could carry them out, and why. */
    public SortedMap<ResourceRef, String> leftOut() {
        return sound.leftOut();
    }

    /** The same if another World were declared. */
    public SortedMap<ResourceRef, String> leftOutOf(World other) {
        return Sieve.sift(other, fleet, sound).now().leftOut();
    }

    /** Hosts of which no proxy can be told, though no resource is to blame, and why: their callers are refused. */
    public SortedMap<String, String> hopeless() {
        return sound.hopeless();
    }

    /**
     * What the proxy of this instance hears.
     *
     * @param before what it heard a moment before, of which everything is kept that did not change
     */
    public Hearing heardBy(Instance instance, Demand demand, Optional<Hearing> before) {
        var known = residents.of(instance);
        var clients = known.map(Residents.Resident::clients).orElseGet(() -> Clients.of(sound, instance));
        var own = known.map(Residents.Resident::own).orElseGet(() -> compiled(instance, sound));
        var scope = scopeOf(instance, own);
        var wanted = demand.and(new Demand(false, own.leadsTo(), Set.of()));
        var selection = selection(clients, scope, wanted, before.map(Hearing::selection));
        var others = others(clients, scope, demand.everything());
        return new Hearing(selection, List.of(everybodys, others, own.shelf(), selection.shelf()));
    }

    private Map<String, DestinationLayer> visible(Clients clients, Optional<Scope> scope) {
        var seen = seenBy(clients);
        return scope.map(around -> scoping.layers(clients, around, seen)).orElse(seen.layers());
    }

    /** A node with doors that lead somewhere hears of what they lead to, whatever is said of sidecars. */
    private Optional<Scope> scopeOf(Instance instance, OwnLayer own) {
        return own.leadsTo().isEmpty() ? world.scopeOf(instance.workload()) : Optional.empty();
    }

    private Shelf others(Clients clients, Optional<Scope> scope, boolean everything) {
        if (scope.isPresent()) return scoping.shelf(clients, scope.get(), seenBy(clients), everything);
        return everything ? shelves.of(clients) : shelves.namesOf(clients.perspective());
    }

    private Selection selection(Clients clients, Optional<Scope> scope, Demand demand, Optional<Selection> last) {
        var same = last.filter(each -> each.isOf(clients, scope, demand) && isCurrent(each));
        if (same.isPresent()) return same.get().at(moment);
        var now = Selection.of(clients, scope, visible(clients, scope), demand, this::peer, moment);
        return now.shelvedAfter(last);
    }

    private boolean isCurrent(Selection selection) {
        if (selection.moment() == moment) return true;
        return before.filter(each -> each == selection.moment()).isPresent()
                && !selection.isTouchedBy(compiled)
                && Collections.disjoint(selection.demand().peers(), moved);
    }

    private Seen seenBy(Clients clients) {
        return Optional.ofNullable(sound.seen().get(clients.perspective())).orElse(Sound.NOBODY);
    }

    private Optional<Resource> peer(String id) {
        return Optional.ofNullable(fleet.instances().get(id))
                .map(instance -> Encoded.of(peer(instance)).resource());
    }

    /** The same, to be looked at. */
    public Snapshot snapshotFor(Instance instance) {
        var namespace = instance.node().scope();
        var specs = new ArrayList<Spec>(List.of(trust, Nowhere.CLUSTER));
        fleet.instances().values().forEach(each -> specs.add(peer(each)));
        layersFor(instance)
                .values()
                .forEach(layer -> layer.heardIn(namespace, Capability.of(instance.node())).stream()
                        .map(Encoded::spec)
                        .forEach(specs::add));
        specs.addAll(ownOf(instance).specs());
        return Snapshot.of(specs);
    }

    /** Which declared resources something that a node hears is made of; of a node that is gone nobody knows. */
    public List<ResourceRef> originsOf(String node, ResourceType type, String name) {
        return Optional.ofNullable(fleet.instances().get(node))
                .map(instance -> new Origins(world, sound.routings()).of(type, name, instance))
                .orElse(List.of());
    }

    /** Those of all destinations that it may call, by host. */
    Map<String, DestinationLayer> layersFor(Instance instance) {
        return visible(Clients.of(sound, instance), scopeOf(instance, ownOf(instance)));
    }

    /** The destinations that were looked at in the step to this moment. */
    public Set<String> compiled() {
        return Set.copyOf(compiled);
    }

    /** What was declared, with what is left out. */
    public World world() {
        return world;
    }

    public Fleet fleet() {
        return fleet;
    }

    private OwnLayer ownOf(Instance instance) {
        return residents.ownOf(instance.id()).orElseGet(() -> compiled(instance, sound));
    }

    private OwnLayer compiled(Instance instance, Sound now) {
        return OwnLayer.of(
                Self.of(now.world(), now.directory(), instance),
                now.world().settings().revealPolicies(),
                instance.node().kind() == ProxyNode.Kind.GATEWAY
                        ? GatewayCompiler.compile(now.world(), resolver(now, instance), instance)
                        : List.of(),
                residents.ownOf(instance.id()));
    }

    private static Resolver resolver(Sound now, Instance instance) {
        return new Resolver(
                now.world().settings(),
                now.directory(),
                now.routings(),
                now.seenBy(instance).perspective(),
                now.hopeless().keySet(),
                new HashSet<>());
    }

    /** Made anew only for those that changed, or that the step or a policy touches. */
    private Residents residents(Sieve.Step step, Fleet newFleet, Set<String> differing) {
        var stale = new HashSet<>(step.instances());
        stale.addAll(differing);
        stale.addAll(residents.gateways()); // any change may be one of what their routes lead to; they are few
        touching(step.now().world())
                .ifPresent(touches -> newFleet.instances().values().stream()
                        .filter(touches)
                        .map(Instance::id)
                        .forEach(stale::add));
        return residents.then(step.now(), newFleet.instances(), stale, instance -> compiled(instance, step.now()));
    }

    /** Which instances the policies that changed select, before or now; empty where none changed. */
    private Optional<Predicate<Instance>> touching(World now) {
        var before = sound.world();
        if (!before.settings().equals(now.settings())) return Optional.of(_ -> true);
        var access =
                Difference.of(before.accessPolicies(), now.accessPolicies()).all();
        var peers = Difference.of(before.peerPolicies(), now.peerPolicies()).all();
        if (access.isEmpty() && peers.isEmpty()) return Optional.empty();
        Predicate<Instance> guarded = instance -> access.stream().anyMatch(policy -> touches(now, policy, instance));
        return Optional.of(guarded.or(instance -> peers.stream().anyMatch(policy -> touches(now, policy, instance))));
    }

    private static boolean touches(World world, AccessPolicy policy, Instance instance) {
        return Self.appliesTo(world, policy.source().namespace(), policy.selector(), instance.workload());
    }

    private static boolean touches(World world, PeerPolicy policy, Instance instance) {
        return Self.appliesTo(world, policy.source().namespace(), policy.selector(), instance.workload());
    }

    private static PeerSpec peer(Instance instance) {
        var service = instance.service();
        var names = instance.workload().names();
        return new PeerSpec(
                instance.id(), names.workload(), service.namespace(), names.app(), names.version(), service.host());
    }
}
