package io.tulle.proxy.plan;

import io.tulle.proxy.balance.Balancer;
import io.tulle.proxy.balance.EndpointSet;
import io.tulle.proxy.filter.Authorizer;
import io.tulle.proxy.resilience.Limits;
import io.tulle.proxy.resilience.OutlierDetector;
import io.tulle.proxy.route.RouteTable;
import io.tulle.proxy.tls.Trust;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.EndpointsSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.TrustSpec;
import io.tulle.xds.spec.WireSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Makes a plan of a snapshot, whole or not at all; a rejection names every culprit, so that a NACK can. */
public final class PlanCompiler {
    /** The name under which all chains of the mesh port are kept: there is one such port. */
    static final String INBOUND = "";

    private final RandomGenerator random;
    private final String application;

    /**
     * @param random where round robin begins in each cluster
     * @param application the name of the endpoint that is the own application
     */
    public PlanCompiler(RandomGenerator random, String application) {
        this.random = random;
        this.application = application;
    }

    /** What became of a snapshot. */
    public sealed interface Compiled {
        record Accepted(Plan plan) implements Compiled {}

        /** Nothing of it is used; each culprit with its reason. */
        record Rejected(List<Culprit> culprits) implements Compiled {}
    }

    /** A resource that cannot be carried out. */
    public record Culprit(Spec.Ref resource, String reason) {}

    /**
     * @param before the plan in force, whose counters and endpoint states go on
     */
    public Compiled compile(Snapshot snapshot, Plan before) {
        var culprits = new ArrayList<Culprit>();
        var trust = trust(snapshot, culprits);
        var clusters = clusters(snapshot, before, culprits);
        var tables = tables(snapshot, culprits);
        var chains = new HashMap<String, List<Chain>>();
        var outbound = new HashMap<Destination.Outbound, String>();
        for (var listener :
                snapshot.all(ResourceType.LISTENER, ListenerSpec.class).values()) {
            guarded(listener, culprits, () -> {
                var compiled = listener.chains().stream()
                        .map(chain -> chain(listener, chain, tables))
                        .toList();
                place(listener, compiled, chains, outbound);
            });
        }
        if (!culprits.isEmpty()) return new Compiled.Rejected(List.copyOf(culprits));
        return new Compiled.Accepted(new Plan(snapshot, chains, outbound, clusters, trust));
    }

    private static void place(
            ListenerSpec listener,
            List<Chain> compiled,
            Map<String, List<Chain>> chains,
            Map<Destination.Outbound, String> outbound) {
        switch (listener.place()) {
            case ListenerSpec.Place.Inbound _ ->
                chains.computeIfAbsent(INBOUND, _ -> new ArrayList<>()).addAll(compiled);
            case ListenerSpec.Place.Outbound(var hosts, var addresses, var port) -> {
                chains.put(listener.name(), compiled);
                hosts.forEach(host -> outbound.putIfAbsent(new Destination.Outbound(host, port), listener.name()));
                addresses.forEach(ip -> outbound.putIfAbsent(new Destination.Outbound(ip, port), listener.name()));
            }
            case ListenerSpec.Place.Api _ ->
                throw new IllegalArgumentException("an API listener is for a gRPC client, not for a proxy");
            case ListenerSpec.Place.Door(var address, var port) -> bound(listener, address, port, compiled, chains);
            case ListenerSpec.Place.Bound(var address, var port) -> bound(listener, address, port, compiled, chains);
        }
    }

    private static void bound(
            ListenerSpec listener, String address, int port, List<Chain> compiled, Map<String, List<Chain>> chains) {
        Addresses.of(address, port);
        chains.put(listener.name(), compiled);
    }

    private static Chain chain(ListenerSpec listener, ChainSpec spec, Map<String, RouteTable> tables) {
        var routes = switch (spec.wire()) {
            case WireSpec.Http http -> Optional.ofNullable(tables.get(http.routes()));
            case WireSpec.NestTcp nest -> Optional.ofNullable(tables.get(nest.routes()));
            case WireSpec.Detected detected ->
                Optional.ofNullable(tables.get(detected.http().routes()));
            case WireSpec.Tcp _ -> Optional.<RouteTable>empty();
        };
        return Chain.of(listener, spec, routes, Authorizer.compile(spec.wire().authorizations()));
    }

    private static Trust trust(Snapshot snapshot, List<Culprit> culprits) {
        var all = new Trust[] {Trust.NONE};
        for (var spec : snapshot.all(ResourceType.TRUST, TrustSpec.class).values()) {
            guarded(spec, culprits, () -> all[0] = all[0].and(Trust.parse(spec.trustDomain(), spec.roots())));
        }
        return all[0];
    }

    private static Map<String, RouteTable> tables(Snapshot snapshot, List<Culprit> culprits) {
        var tables = new HashMap<String, RouteTable>();
        for (var spec : snapshot.all(ResourceType.ROUTES, RouteTableSpec.class).values()) {
            guarded(spec, culprits, () -> tables.put(spec.name(), RouteTable.compile(spec)));
        }
        return tables;
    }

    private Map<String, Cluster> clusters(Snapshot snapshot, Plan before, List<Culprit> culprits) {
        var endpoints = snapshot.all(ResourceType.ENDPOINTS, EndpointsSpec.class);
        var clusters = new HashMap<String, Cluster>();
        for (var spec : snapshot.all(ResourceType.CLUSTER, ClusterSpec.class).values()) {
            guarded(spec, culprits, () -> clusters.put(spec.name(), cluster(spec, endpoints, before)));
        }
        return clusters;
    }

    private Cluster cluster(ClusterSpec spec, Map<String, EndpointsSpec> discovered, Plan before) {
        var old = before.cluster(spec.name());
        var places = switch (spec.source()) {
            case ClusterSpec.Source.Discovered _ ->
                Optional.ofNullable(discovered.get(spec.name()))
                        .map(EndpointsSpec::endpoints)
                        .orElse(List.of());
            case ClusterSpec.Source.Fixed(var fixed) -> fixed;
            case ClusterSpec.Source.Application(var port) -> List.of(EndpointSpec.of(application, "127.0.0.1", port));
            case ClusterSpec.Source.Resolved(var host, var port) -> List.of(EndpointSpec.of(host, host, port));
        };
        var minHealth = spec.outliers().map(o -> o.minHealthPercent()).orElse(0);
        var set = EndpointSet.compile(
                places, minHealth, old.map(Cluster::endpoints).orElse(EndpointSet.EMPTY));
        var limits = old.map(o -> o.limits().with(spec.limits())).orElseGet(() -> Limits.of(spec.limits()));
        var outliers = spec.outliers().map(policy -> OutlierDetector.of(policy, set));
        // What did not change stays the same object: connections and counters are found by it, at each request.
        var same = old.map(Cluster::spec).filter(spec::equals).orElse(spec);
        return new Cluster(same, set, Balancer.of(spec.balancing(), set, random), limits, outliers);
    }

    private static void guarded(Spec spec, List<Culprit> culprits, Runnable compile) {
        try {
            compile.run();
        } catch (IllegalArgumentException refused) {
            var reason = Optional.ofNullable(refused.getMessage()).orElse("cannot be carried out");
            culprits.add(new Culprit(new Spec.Ref(spec.type(), spec.name()), reason));
        }
    }
}
