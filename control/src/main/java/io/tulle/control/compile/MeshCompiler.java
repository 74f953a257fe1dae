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
import java.util.stream.Collectors;

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
    private final Map<String, List<Bundle>> own; // of the namespaces that see something otherwise
    private final List<PeerSpec> peers;

    private MeshCompiler(World world, Fleet fleet, TrustSpec trust, Before before) {
        this.world = world;
        this.fleet = fleet;
        this.trust = trust;
        this.directory = Directory.of(world, fleet);
        this.bundles = bundles(Perspective.COMMON, before.common());
        this.own = own(before);
        this.peers = fleet.instances().values().stream().map(MeshCompiler::peer).toList();
    }

    /** The mesh as it is; {@code roots} are the PEM certificates that its identities lead to. */
    public static MeshCompiler of(World world, Fleet fleet, List<String> roots) {
        var trust = new TrustSpec(Names.TRUST, world.settings().trustDomain(), roots);
        return new MeshCompiler(world, fleet, trust, new Before(Map.of(), Map.of()));
    }

    /** The mesh after a change. */
    public MeshCompiler then(World newWorld, Fleet newFleet) {
        var before = new HashMap<String, Map<String, Bundle>>();
        own.forEach((namespace, seen) -> before.put(namespace, byHost(seen)));
        return new MeshCompiler(newWorld, newFleet, trust, new Before(byHost(bundles), before));
    }

    /** The bundles of the moment before by host: for all, and for namespaces that see something otherwise. */
    private record Before(Map<String, Bundle> common, Map<String, Map<String, Bundle>> own) {}

    private List<Bundle> bundles(String client, Map<String, Bundle> known) {
        var seen = Perspective.of(world, directory.services().keySet(), client);
        return new BundleCompiler(new Resolver(seen, directory.seenThrough(seen)))
                .compile().stream().map(now -> same(known, now)).toList();
    }

    /** What a namespace sees like all others is the same object. */
    private Map<String, List<Bundle>> own(Before before) {
        var inhabited = fleet.instances().values().stream()
                .map(instance -> instance.service().namespace())
                .collect(Collectors.toSet());
        var shared = byHost(bundles);
        var all = new HashMap<String, List<Bundle>>();
        for (var namespace : Perspective.distinct(world)) {
            if (!inhabited.contains(namespace)) continue;
            var known = before.own().getOrDefault(namespace, Map.of());
            all.put(
                    namespace,
                    bundles(namespace, known).stream()
                            .map(now -> same(shared, now))
                            .toList());
        }
        return all;
    }

    private static Map<String, Bundle> byHost(List<Bundle> bundles) {
        return bundles.stream().collect(Collectors.toMap(Bundle::host, bundle -> bundle));
    }

    /** What the proxy of this instance hears. */
    public Snapshot snapshotFor(Instance instance) {
        return SnapshotCompiler.compile(viewFor(instance));
    }

    View viewFor(Instance instance) {
        return new View(
                Self.of(world, directory, instance),
                instance.service().namespace(),
                own.getOrDefault(instance.service().namespace(), bundles),
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
