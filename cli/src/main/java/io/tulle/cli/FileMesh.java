package io.tulle.cli;

import io.tulle.agent.alone.ProxySettings;
import io.tulle.cli.code.CliCode;
import io.tulle.compile.Members;
import io.tulle.compile.MeshCompiler;
import io.tulle.control.push.PushCode;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.Problem;
import io.tulle.model.ServiceName;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ProxyNode;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Workload;
import io.tulle.model.world.WorkloadNames;
import io.tulle.model.world.World;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The mesh as files describe it: the World of their resources, and for a fleet their WorkloadEntries, since nobody announces
 * himself here. A WorkloadEntry stands for an instance behind another proxy: {@code address}, the port {@code mesh} (15006
 * unless said), the label {@code app} for its service.
 */
final class FileMesh {
    private static final int MESH_PORT = 15006;

    private final ProxySettings settings;

    FileMesh(ProxySettings settings) {
        this.settings = settings;
    }

    /** What came of the files. */
    sealed interface Compiled {
        record Good(Snapshot snapshot) implements Compiled {}

        record Bad(List<Problem> problems) implements Compiled {}
    }

    /** @param roots PEM, of the identities that peers show */
    Compiled compile(World world, Collection<Resource> resources, List<String> roots) {
        var self = self();
        var fleet = Fleet.of(
                0, Stream.concat(Stream.of(self), peers(resources, world)).toList());
        var compiler = MeshCompiler.of(world, fleet, roots);
        var untold = new ArrayList<Problem>();
        compiler.leftOut().forEach((resource, why) -> untold.add(PushCode.refused(resource, why)));
        compiler.hopeless().forEach((host, why) -> untold.add(PushCode.hopeless(host, why)));
        if (!untold.isEmpty()) return new Compiled.Bad(untold);
        var snapshot = compiler.snapshotFor(self);
        var specs = new ArrayList<Spec>();
        snapshot.specs().values().stream()
                .map(Map::values)
                .flatMap(Collection::stream)
                .forEach(specs::add);
        var problems = new ArrayList<Problem>();
        for (var door : settings.doors()) {
            var meant = meant(snapshot, door);
            meant.ifPresent(listener -> specs.add(new ListenerSpec(
                    door.name(),
                    new ListenerSpec.Place.Bound(
                            door.at().getAddress().getHostAddress(), door.at().getPort()),
                    listener.chains())));
            if (meant.isEmpty()) problems.add(unknown(door));
        }
        return problems.isEmpty() ? new Compiled.Good(Snapshot.of(specs)) : new Compiled.Bad(problems);
    }

    private static Optional<ListenerSpec> meant(Snapshot snapshot, ProxySettings.Door door) {
        var host = door.host().toLowerCase(Locale.ROOT);
        return snapshot.all(ResourceType.LISTENER, ListenerSpec.class).values().stream()
                .filter(listener -> listener.narrowness(host, door.port()) > 0)
                .max(Comparator.comparingInt(listener -> listener.narrowness(host, door.port())));
    }

    private static Problem unknown(ProxySettings.Door door) {
        return CliCode.LISTENER_TO_NOWHERE.problem(
                "no resource declares port " + door.port() + " of " + door.host() + ", which --listen leads to",
                "declare it with a Service or a ServiceEntry in the files");
    }

    private Instance self() {
        return Instance.of(
                Workload.of(
                        settings.self().name(),
                        settings.self(),
                        settings.account(),
                        settings.labels(),
                        "127.0.0.1",
                        settings.inbound().map(at -> Math.max(1, at.getPort())).orElse(MESH_PORT),
                        settings.expose(),
                        List.of()),
                Set.of(ProxyNode.NEST_TCP),
                Instance.Liveness.LIVE);
    }

    private Stream<Instance> peers(Collection<Resource> resources, World world) {
        return resources.stream()
                .filter(resource -> resource.ref().kind().equals("WorkloadEntry"))
                .flatMap(resource -> peer(resource, world).stream());
    }

    private Optional<Instance> peer(Resource resource, World world) {
        var labels = new TreeMap<String, String>();
        if (at(resource, "labels") instanceof Node.Mapping mapping) {
            for (var entry : mapping.entries()) {
                if (entry.value() instanceof Node.Text(var _, var value)) labels.put(entry.key(), value);
            }
        }
        var service = WorkloadNames.serviceOf(labels, resource.name());
        if (!ServiceName.isLabel(service)) return Optional.empty();
        var name = new ServiceName(resource.namespace(), service);
        if (name.equals(settings.self())) return Optional.empty(); // this very proxy, in a file that all of them share
        var peer = peer(resource, name, labels, List.of());
        return Optional.of(peer(resource, name, labels, served(world, peer)));
    }

    private static Instance peer(
            Resource resource, ServiceName name, SortedMap<String, String> labels, List<ServicePort> ports) {
        return Instance.of(
                Workload.of(
                        resource.name(),
                        name,
                        at(resource, "serviceAccount") instanceof Node.Text(var _, var account) ? account : name.name(),
                        labels,
                        at(resource, "address") instanceof Node.Text(var _, var address) ? address : "",
                        at(resource, "ports", "mesh") instanceof Node.Numeral(var _, var port)
                                ? port.intValue()
                                : MESH_PORT,
                        ports,
                        List.of()),
                Set.of(ProxyNode.NEST_TCP),
                Instance.Liveness.LIVE);
    }

    /** Nobody announces here, so a peer serves what the services that it stands behind lead to. */
    private static List<ServicePort> served(World world, Instance peer) {
        var ports = new TreeMap<Integer, ServicePort>();
        world.services().values().stream()
                .filter(service -> Members.has(service, peer.workload()))
                .flatMap(service -> service.ports().stream())
                .map(port -> new ServicePort(port.target().orElse(port.port()), port.protocol()))
                .forEach(port -> ports.putIfAbsent(port.port(), port));
        return List.copyOf(ports.values());
    }

    private static Node at(Resource resource, String... path) {
        return resource.spec().flatMap(spec -> spec.at(path)).orElse(Node.Mapping.EMPTY);
    }
}
