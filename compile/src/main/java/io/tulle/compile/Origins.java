package io.tulle.compile;

import io.tulle.model.world.Destination;
import io.tulle.model.world.External;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.Routing;
import io.tulle.model.world.World;
import io.tulle.xds.spec.ResourceType;
import java.util.List;
import java.util.stream.Stream;

/** Which declared resources something that a node hears is made of, so that its refusal is told where it can be mended. */
record Origins(World world, Routings routings) {

    /** @param node who hears it */
    List<ResourceRef> of(ResourceType type, String name, Instance node) {
        return switch (type) {
            case ROUTES -> sources(routings.speakingOf(Names.host(name)).stream());
            case CLUSTER, ENDPOINTS -> cluster(Names.host(name));
            case LISTENER ->
                name.equals(Names.INBOUND) || name.startsWith(Names.DOOR) ? guards(node) : outbound(hostOf(name));
            case SECRET, DESTINATION, NAME, PEER -> List.of(); // nobody declares them
        };
    }

    private static String hostOf(String listener) {
        return listener.substring(0, Math.max(0, listener.lastIndexOf(':')));
    }

    private List<ResourceRef> cluster(String host) {
        var rules = world.destinations().stream()
                .filter(destination -> destination.speaksOf(host))
                .map(Destination::source);
        return Stream.concat(rules, outside(host)).toList();
    }

    /** A listener holds where connections go, and the addresses of what lies outside. */
    private List<ResourceRef> outbound(String host) {
        var rules = routings.speakingOf(host).stream()
                .filter(routing -> !routing.tcp().isEmpty())
                .map(Routing::source);
        return Stream.concat(rules, outside(host)).toList();
    }

    private Stream<ResourceRef> outside(String host) {
        return world.externals().stream()
                .filter(external -> external.hosts().contains(host))
                .map(External::source);
    }

    private List<ResourceRef> guards(Instance node) {
        var access = world.accessPolicies().stream()
                .filter(policy ->
                        Self.appliesTo(world, policy.source().namespace(), policy.selector(), node.workload()))
                .map(policy -> policy.source());
        var peers = world.peerPolicies().stream()
                .filter(policy ->
                        Self.appliesTo(world, policy.source().namespace(), policy.selector(), node.workload()))
                .map(policy -> policy.source());
        return Stream.concat(access, peers).toList();
    }

    private static List<ResourceRef> sources(Stream<Routing> routings) {
        return routings.map(Routing::source).toList();
    }
}
