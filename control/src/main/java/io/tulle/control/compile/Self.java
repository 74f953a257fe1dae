package io.tulle.control.compile;

import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.PeerTls;
import io.tulle.model.world.AccessPolicy;
import io.tulle.model.world.Instance;
import io.tulle.model.world.PeerPolicy;
import io.tulle.model.world.Selector;
import io.tulle.model.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What a proxy's own side depends on: its service, the ports it serves and the policies that guard them. */
record Self(
        ServiceName service,
        List<Inbound> ports,
        List<Instance.Door> doors,
        List<Authorization> authorizations,
        Set<String> capabilities) {

    record Inbound(int port, Protocol protocol, PeerTls peers) {}

    static Self of(World world, Directory directory, Instance instance) {
        var declared = directory.service(instance.service().host()).map(Directory.Entry::service);
        var ports = instance.ports().stream()
                .map(port -> {
                    // What a Service resource says of a port outranks what the instance announced.
                    var protocol = declared.flatMap(s -> s.port(port.port()))
                            .filter(p -> p.protocol() != Protocol.UNDECLARED)
                            .orElse(port)
                            .protocol();
                    return new Inbound(port.port(), protocol, peersOf(world, instance, port.port()));
                })
                .toList();
        var guards = world.accessPolicies().stream()
                .filter(guards(world, instance))
                .map(AccessPolicy::authorization)
                .toList();
        return new Self(instance.service(), ports, instance.doors(), guards, instance.capabilities());
    }

    private static Predicate<AccessPolicy> guards(World world, Instance instance) {
        return policy -> appliesTo(world, policy.source().namespace(), policy.selector(), instance);
    }

    private static boolean appliesTo(World world, String namespace, Selector selector, Instance instance) {
        var root = namespace.equals(world.settings().rootNamespace());
        return (root || namespace.equals(instance.service().namespace())) && selector.selects(Labels.of(instance));
    }

    /**
     * Istio's order (PeerAuthentication): a workload's port, then the workload, then its namespace, then the mesh; where
     * none says, Tulle is strict.
     */
    private static PeerTls peersOf(World world, Instance instance, int port) {
        var levels = new ArrayList<PeerPolicy>();
        var root = world.settings().rootNamespace();
        var own = instance.service().namespace();
        var selected = world.peerPolicies().stream()
                .filter(p -> appliesTo(world, p.source().namespace(), p.selector(), instance))
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
