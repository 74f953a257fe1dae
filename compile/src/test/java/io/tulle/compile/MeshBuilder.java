package io.tulle.compile;

import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.world.AccessPolicy;
import io.tulle.model.world.Destination;
import io.tulle.model.world.External;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.PeerPolicy;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.RouteRule;
import io.tulle.model.world.Routing;
import io.tulle.model.world.Selector;
import io.tulle.model.world.Service;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Visibility;
import io.tulle.model.world.Workload;
import io.tulle.model.world.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** A small mesh for tests, in namespace {@code shop}. */
final class MeshBuilder {
    private final List<Instance> instances = new ArrayList<>();
    private final List<Routing> routings = new ArrayList<>();
    private final List<Destination> destinations = new ArrayList<>();
    private final List<PeerPolicy> peers = new ArrayList<>();
    private final List<AccessPolicy> access = new ArrayList<>();
    private final List<External> externals = new ArrayList<>();
    private final TreeMap<ServiceName, Service> services = new TreeMap<>();
    private MeshSettings settings = MeshSettings.DEFAULT;

    MeshBuilder instance(String id, String service, int port, Protocol protocol, Map<String, String> labels) {
        instances.add(Instance.of(
                Workload.of(
                        id,
                        new ServiceName("shop", service),
                        service,
                        labels,
                        "127.0.0.1",
                        20_000 + instances.size(),
                        List.of(new ServicePort(port, protocol)),
                        List.of()),
                Set.of("nest-tcp"),
                Instance.Liveness.LIVE));
        return this;
    }

    MeshBuilder routing(Routing.Precedence precedence, String name, String host, List<RouteRule> rules) {
        routings.add(new Routing(
                new ResourceRef(
                        precedence == Routing.Precedence.WRITTEN ? "VirtualService" : "HTTPRoute", "shop", name),
                precedence,
                List.of(new Routing.Parent(host, OptionalInt.empty())),
                rules,
                List.of(),
                Visibility.EVERYWHERE,
                Instant.EPOCH));
        return this;
    }

    /** A rule for connections that are not read. */
    MeshBuilder connections(String name, String host, RouteRule.Backend... backends) {
        routings.add(new Routing(
                new ResourceRef("VirtualService", "shop", name),
                Routing.Precedence.WRITTEN,
                List.of(new Routing.Parent(host, OptionalInt.empty())),
                List.of(),
                List.of(new Routing.TcpRule(OptionalInt.empty(), List.of(backends))),
                Visibility.EVERYWHERE,
                Instant.EPOCH));
        return this;
    }

    MeshBuilder subsets(String host, Map<String, Map<String, String>> subsets) {
        var all = new TreeMap<String, Destination.Subset>();
        subsets.forEach((name, labels) ->
                all.put(name, new Destination.Subset(labels, DestinationPolicy.NONE, new TreeMap<>())));
        destinations.add(new Destination(
                new ResourceRef("DestinationRule", "shop", host),
                host,
                DestinationPolicy.NONE,
                new TreeMap<>(),
                all,
                Visibility.EVERYWHERE,
                Instant.EPOCH));
        return this;
    }

    /** A Service resource that selects by labels. */
    MeshBuilder declared(String name, Map<String, String> selector, ServicePort... ports) {
        var service = new ServiceName("shop", name);
        services.put(
                service,
                new Service(service, List.of(ports), List.of(), Optional.of(new Selector(new TreeMap<>(selector)))));
        return this;
    }

    MeshBuilder with(PeerPolicy policy) {
        peers.add(policy);
        return this;
    }

    MeshBuilder with(AccessPolicy policy) {
        access.add(policy);
        return this;
    }

    MeshBuilder with(External external) {
        externals.add(external);
        return this;
    }

    MeshBuilder with(MeshSettings other) {
        settings = other;
        return this;
    }

    World world() {
        return new World(1, settings, services, externals, routings, destinations, peers, access);
    }

    Fleet fleet() {
        return Fleet.of(1, instances);
    }

    MeshCompiler compiler() {
        return MeshCompiler.of(world(), fleet(), List.of("root"));
    }

    Instance find(String id) {
        return Optional.ofNullable(fleet().instances().get(id)).orElseThrow();
    }

    static RouteRule rule(String name, List<RequestMatch> matches, RouteRule.Backend... backends) {
        return new RouteRule(
                name,
                matches,
                new RouteRule.Action.Forward(List.of(backends), Optional.empty(), Optional.empty()),
                RoutePolicy.NONE);
    }

    static RouteRule.Backend backend(String host, String subset, int weight) {
        return new RouteRule.Backend(
                host,
                OptionalInt.empty(),
                subset.isEmpty() ? Optional.empty() : Optional.of(subset),
                weight,
                HeaderEdits.NONE,
                HeaderEdits.NONE);
    }
}
