package io.tulle.compile;

import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.PeerTls;
import io.tulle.model.world.AccessPolicy;
import io.tulle.model.world.Instance;
import io.tulle.model.world.PeerPolicy;
import io.tulle.model.world.Selector;
import io.tulle.model.world.Service;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Workload;
import io.tulle.model.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a proxy's own side depends on: its service, the ports it serves and the policies that guard them. */
record Self(
        ServiceName service,
        List<Inbound> ports,
        List<Workload.Door> doors,
        List<Authorization> authorizations,
        Capability capability) {

    /**
     * One port of the application.
     *
     * @param serverNames what peers ask for in SNI when they mean it: each port of each service that leads here
     */
    record Inbound(int port, Protocol protocol, PeerTls peers, List<String> serverNames) {
        Inbound {
            serverNames = List.copyOf(serverNames);
        }
    }

    static Self of(World world, Directory directory, Instance instance) {
        var workload = instance.workload();
        var services = services(directory, instance);
        var ports = workload.ports().stream()
                .map(port -> new Inbound(
                        port.port(),
                        protocol(services, workload, port),
                        peersOf(world, workload, port.port()),
                        serverNames(services, workload, port)))
                .toList();
        var guards = authorizations(world, workload);
        return new Self(workload.service(), ports, workload.doors(), guards, Capability.of(instance.node()));
    }

    /** Those that it stands behind, its own first; its own name is answered even where a selector leaves it out. */
    private static List<Service> services(Directory directory, Instance instance) {
        var all = new ArrayList<Service>();
        var own = instance.service();
        var served = directory.servedBy(instance);
        if (served.stream().noneMatch(service -> service.name().equals(own))) {
            all.add(new Service(own, instance.workload().ports(), List.of(), Optional.empty()));
        }
        served.stream().filter(service -> service.name().equals(own)).forEach(all::add);
        served.stream().filter(service -> !service.name().equals(own)).forEach(all::add);
        return all;
    }

    private static Stream<ServicePort> leadingTo(Service service, Workload workload, int port) {
        return service.ports().stream().filter(declared -> {
            var at = declared.servedAt(workload.ports());
            return at.isPresent() && at.getAsInt() == port;
        });
    }

    /** What a Service resource says of a port outranks what the instance announced. */
    private static Protocol protocol(List<Service> services, Workload workload, ServicePort port) {
        return services.stream()
                .flatMap(service -> leadingTo(service, workload, port.port()))
                .map(ServicePort::protocol)
                .filter(protocol -> protocol != Protocol.UNDECLARED)
                .findFirst()
                .orElse(port.protocol());
    }

    private static List<String> serverNames(List<Service> services, Workload workload, ServicePort port) {
        return services.stream()
                .flatMap(service -> leadingTo(service, workload, port.port())
                        .map(declared -> service.name().serverName(declared.port())))
                .toList();
    }

    /** The policies that guard a workload. */
    static List<Authorization> authorizations(World world, Workload workload) {
        return world.accessPolicies().stream()
                .filter(policy -> appliesTo(world, policy.source().namespace(), policy.selector(), workload))
                .map(AccessPolicy::authorization)
                .toList();
    }

    static boolean appliesTo(World world, String namespace, Selector selector, Workload workload) {
        var root = namespace.equals(world.settings().rootNamespace());
        return (root || namespace.equals(workload.service().namespace())) && selector.selects(workload.selectable());
    }

    /**
     * Istio's order (PeerAuthentication): a workload's port, then the workload, then its namespace, then the mesh; where
     * none says, Tulle is strict.
     */
    private static PeerTls peersOf(World world, Workload workload, int port) {
        var levels = new ArrayList<PeerPolicy>();
        var root = world.settings().rootNamespace();
        var own = workload.service().namespace();
        var selected = world.peerPolicies().stream()
                .filter(p -> appliesTo(world, p.source().namespace(), p.selector(), workload))
                .toList();
        selected.stream().filter(p -> !p.selector().isEmpty()).forEach(levels::add);
        selected.stream()
                .filter(p -> p.selector().isEmpty() && p.source().namespace().equals(own))
                .forEach(levels::add);
        selected.stream()
                .filter(p -> p.selector().isEmpty() && p.source().namespace().equals(root))
                .forEach(levels::add);
        for (var policy : levels) {
            var said = policy.ports().get(port);
            if (said != null) return said;
            if (policy.mode().isPresent()) return policy.mode().get();
        }
        return PeerTls.STRICT;
    }
}
