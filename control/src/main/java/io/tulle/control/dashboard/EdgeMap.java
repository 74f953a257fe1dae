package io.tulle.control.dashboard;

import io.tulle.control.dashboard.Edge.Security;
import io.tulle.control.traffic.Flow;
import io.tulle.model.ServiceName;
import io.tulle.model.SpiffeId;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.World;
import io.tulle.xds.registry.EdgeCounts.End;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * From what single sidecars say to edges between services. A sidecar is believed only about edges that it is an end of.
 * Both ends count the same calls: the caller's numbers are shown, since it also sees what never arrived, and the callee
 * says whether the caller proved who it is, and what its policies denied.
 */
final class EdgeMap {
    private static final String OTHER = "other"; // a sidecar's word for what is over its budget of label sets

    private final Fleet fleet;
    private final Set<ServiceName> services = new HashSet<>();
    private final Map<String, ServiceName> accounts = new HashMap<>();
    private final Map<Edge.Key, Sums> calling = new HashMap<>();
    private final Map<Edge.Key, Sums> called = new HashMap<>();

    private EdgeMap(World world, Fleet fleet) {
        this.fleet = fleet;
        services.addAll(world.services().keySet());
        for (var instance : fleet.instances().values()) {
            services.add(instance.service());
            accounts.putIfAbsent(
                    instance.service().namespace() + "/" + instance.workload().account(), instance.service());
        }
    }

    /** Sorted by the names of both ends. */
    static List<Edge> of(World world, Fleet fleet, List<Flow> flows) {
        var map = new EdgeMap(world, fleet);
        flows.forEach(map::add);
        map.calling.keySet().removeIf(map::isWithinAnInstance);
        var keys = new HashSet<>(map.calling.keySet());
        keys.addAll(map.called.keySet());
        var order =
                Comparator.comparing(Edge.Key::from).thenComparing(Edge.Key::to).thenComparing(Edge.Key::protocol);
        var edges = new ArrayList<Edge>();
        keys.stream().sorted(order).forEach(key -> edges.add(map.edge(key)));
        return edges;
    }

    private void add(Flow flow) {
        var reporter = Optional.ofNullable(fleet.instances().get(flow.instance()));
        if (reporter.isEmpty()) return; // it left a moment ago
        var self = Party.of(reporter.get().service());
        var edge = flow.total().edge();
        var key = switch (edge.end()) {
            case CALLING ->
                new Edge.Key(self, callee(edge.other(), reporter.get().service().namespace()), edge.protocol());
            case CALLED -> new Edge.Key(caller(edge.other()), self, edge.protocol());
        };
        (edge.end() == End.CALLING ? calling : called)
                .merge(key, Sums.NONE.plus(flow), (before, _) -> before.plus(flow));
    }

    /** An application that dials its own port, as health checks do, has left no machine and met no peer. */
    private boolean isWithinAnInstance(Edge.Key key) {
        return key.from().equals(key.to()) && !called.containsKey(key);
    }

    private Party callee(String host, String namespace) {
        if (host.equals(OTHER)) return Party.OTHERS;
        return ServiceName.parse(host, namespace)
                .filter(services::contains)
                .map(Party::of)
                .orElseGet(() -> Party.external(host));
    }

    private Party caller(String identity) {
        if (identity.isEmpty()) return Party.OUTSIDE;
        return SpiffeId.parse(identity).flatMap(this::service).orElse(Party.OTHERS);
    }

    /** Services of one account cannot be told apart by their callees; the first of them stands for all. */
    private Optional<Party> service(SpiffeId id) {
        return id.namespace()
                .flatMap(namespace -> id.account()
                        .map(account -> Optional.ofNullable(accounts.get(namespace + "/" + account))
                                .map(Party::of)
                                .orElse(new Party(Party.Kind.SERVICE, namespace, account))));
    }

    private Edge edge(Edge.Key key) {
        var from = calling.getOrDefault(key, Sums.NONE);
        var to = called.getOrDefault(key, Sums.NONE);
        var numbers = from.isNone() ? to : from;
        return new Edge(
                key,
                security(key, from, to),
                numbers.tenSeconds().denying(to.tenSeconds().denied()),
                numbers.minute().denying(to.minute().denied()),
                numbers.total(),
                numbers.open());
    }

    private static Security security(Edge.Key key, Sums from, Sums to) {
        if (!to.isNone()) return to.security();
        if (from.security() == Security.PLAINTEXT && key.to().kind() == Party.Kind.SERVICE) return Security.UNKNOWN;
        return from.security();
    }
}
