package io.tulle.control.compile;

import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.World;
import io.tulle.xds.spec.PeerSpec;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.TrustSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compiles the mesh at one moment for any of its proxies. What proxies share is computed once, here; what did not change
 * since the moment before is the same object, so that an unchanged view is found out cheaply.
 */
public final class MeshCompiler {
    private final World world;
    private final Fleet fleet;
    private final TrustSpec trust;
    private final Directory directory;
    private final List<Bundle> bundles;
    private final List<PeerSpec> peers;

    private MeshCompiler(World world, Fleet fleet, TrustSpec trust, Directory known, Map<String, Bundle> before) {
        this.world = world;
        this.fleet = fleet;
        this.trust = trust;
        this.directory = Directory.of(world, fleet, known);
        this.bundles = new BundleCompiler(new Resolver(world, directory))
                .compile().stream().map(now -> same(before, now)).toList();
        this.peers = fleet.instances().values().stream().map(MeshCompiler::peer).toList();
    }

    /** The mesh as it is; {@code roots} are the PEM certificates that its identities lead to. */
    public static MeshCompiler of(World world, Fleet fleet, List<String> roots) {
        var trust = new TrustSpec(Names.TRUST, world.settings().trustDomain(), roots);
        return new MeshCompiler(world, fleet, trust, Directory.EMPTY, Map.of());
    }

    /** The mesh after a change. */
    public MeshCompiler then(World newWorld, Fleet newFleet) {
        var before = new HashMap<String, Bundle>();
        bundles.forEach(bundle -> before.put(bundle.host(), bundle));
        return new MeshCompiler(newWorld, newFleet, trust, directory, before);
    }

    /** What the proxy of this instance hears. */
    public Snapshot snapshotFor(Instance instance) {
        return SnapshotCompiler.compile(viewFor(instance));
    }

    View viewFor(Instance instance) {
        return new View(
                Self.of(world, directory, instance),
                instance.service().namespace(),
                bundles,
                peers,
                trust,
                world.settings().revealPolicies());
    }

    public World world() {
        return world;
    }

    public Fleet fleet() {
        return fleet;
    }

    private static Bundle same(Map<String, Bundle> before, Bundle now) {
        var was = before.get(now.host());
        return was != null && was.equals(now) ? was : now;
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
