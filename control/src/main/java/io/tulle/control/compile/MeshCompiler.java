package io.tulle.control.compile;

import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.World;
import io.tulle.xds.spec.PeerSpec;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.TrustSpec;
import java.util.List;
import java.util.SortedMap;

/**
 * Compiles the mesh at one moment for any of its proxies. What proxies share is computed once, here; what did not change
 * since the moment before is the same object, so that an unchanged view is found out cheaply.
 */
public final class MeshCompiler {
    private final World world;
    private final Fleet fleet;
    private final TrustSpec trust;
    private final Sieve.Sound sound;
    private final List<PeerSpec> peers;

    private MeshCompiler(World world, Fleet fleet, TrustSpec trust, Sieve.Sound sound) {
        this.world = world;
        this.fleet = fleet;
        this.trust = trust;
        this.sound = sound;
        this.peers = fleet.instances().values().stream().map(MeshCompiler::peer).toList();
    }

    /** The mesh as it is; {@code roots} are the PEM certificates that its identities lead to. */
    public static MeshCompiler of(World world, Fleet fleet, List<String> roots) {
        var trust = new TrustSpec(Names.TRUST, world.settings().trustDomain(), roots);
        return new MeshCompiler(world, fleet, trust, Sieve.sift(world, fleet, Sieve.Sound.NOTHING));
    }

    /** The mesh after a change. */
    public MeshCompiler then(World newWorld, Fleet newFleet) {
        return new MeshCompiler(newWorld, newFleet, trust, Sieve.sift(newWorld, newFleet, sound));
    }

    /** Resources that are not in force as they are written, because no proxy could carry them out, and why. */
    public SortedMap<ResourceRef, String> leftOut() {
        return sound.leftOut();
    }

    /** Hosts of which no proxy can be told, though no resource is to blame, and why: their callers are refused. */
    public SortedMap<String, String> hopeless() {
        return sound.hopeless();
    }

    /** What the proxy of this instance hears. */
    public Snapshot snapshotFor(Instance instance) {
        return SnapshotCompiler.compile(viewFor(instance));
    }

    View viewFor(Instance instance) {
        return new View(
                Self.of(sound.world(), sound.directory(), instance),
                instance.service().namespace(),
                sound.seenFrom(instance.service().namespace()),
                peers,
                trust,
                world.settings().revealPolicies());
    }

    /** What was declared, with what is left out. */
    public World world() {
        return world;
    }

    public Fleet fleet() {
        return fleet;
    }

    private static PeerSpec peer(Instance instance) {
        var labels = Labels.of(instance);
        return new PeerSpec(
                instance.id(),
                labels.getOrDefault("workload", instance.service().name()),
                instance.service().namespace(),
                labels.getOrDefault("app", instance.service().name()),
                labels.getOrDefault("version", "unknown"),
                instance.service().host());
    }
}
