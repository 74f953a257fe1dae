package io.tulle.proxy.plan;

import io.tulle.proxy.balance.Balancer;
import io.tulle.proxy.balance.EndpointSet;
import io.tulle.proxy.resilience.Limits;
import io.tulle.proxy.resilience.OutlierDetector;
import io.tulle.proxy.route.RouteTable;
import io.tulle.proxy.tls.Trust;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.EndpointsSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.TrustSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Makes a plan of a snapshot. A resource that cannot be carried out is named, and keeps its last good form; where it never
 * had one, it is left out, and what leads to it is refused. All others change.
 */
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

    /**
     * What became of a snapshot.
     *
     * @param plan its snapshot is what is in force: of each culprit the last good form, where it has one
     * @param culprits what could not be carried out; empty when all is in force as it was sent
     */
    public record Compiled(Plan plan, List<Culprit> culprits) {
        public Compiled {
            culprits = List.copyOf(culprits);
        }
    }

    /** A resource that cannot be carried out. */
    public record Culprit(Spec.Ref resource, PlanCode code, String reason) {}

    /**
     * @param before the plan in force, whose counters and endpoint states go on
     */
    public Compiled compile(Snapshot snapshot, Plan before) {
        return new Making(snapshot, before).compile();
    }

    /** One compilation. */
    private final class Making {
        private final Snapshot wanted;
        private final Plan before;
        private final List<Culprit> culprits = new ArrayList<>();
        private final SortedMap<ResourceType, SortedMap<String, Spec>> inForce = new TreeMap<>();
        private final Map<String, EndpointsSpec> endpoints;
        private final Map<String, Cluster> clusters = new HashMap<>();
        private final Map<String, RouteTable> tables = new HashMap<>();
        private final Map<String, List<Chain>> chains = new HashMap<>();
        private final Map<Destination.Outbound, String> outbound = new HashMap<>();
        private Trust trust = Trust.NONE;

        Making(Snapshot wanted, Plan before) {
            this.wanted = wanted;
            this.before = before;
            this.endpoints = wanted.all(ResourceType.ENDPOINTS, EndpointsSpec.class);
            wanted.specs().forEach((type, byName) -> inForce.put(type, new TreeMap<>(byName)));
        }

        Compiled compile() {
            each(ResourceType.TRUST, TrustSpec.class, spec -> {
                trust = trust.and(Trust.parse(spec.trustDomain(), spec.roots()));
                return spec;
            });
            each(ResourceType.CLUSTER, ClusterSpec.class, spec -> {
                clusters.put(spec.name(), cluster(spec));
                return spec;
            });
            each(ResourceType.ROUTES, RouteTableSpec.class, spec -> {
                tables.put(spec.name(), RouteTable.compile(spec));
                return spec;
            });
            each(ResourceType.LISTENER, ListenerSpec.class, this::listener);
            var plan = new Plan(new Snapshot(inForce), chains, outbound, clusters, trust);
            return new Compiled(plan, culprits);
        }

        /** Makes each spec of a kind, or its last good form. What is made is what is in force. */
        private <S extends Spec> void each(ResourceType type, Class<S> kind, Made<S> made) {
            for (var spec : wanted.all(type, kind).values()) {
                if (isMade(spec, made, reason -> blame(spec, reason))) continue;
                inForce.getOrDefault(type, new TreeMap<>()).remove(spec.name());
                var old = before.snapshot().all(type, kind).get(spec.name());
                if (old != null) isMade(old, made, _ -> {});
            }
        }

        /** Whatever goes wrong is a reason: an error that got out of here would end the stream, and come again at once. */
        private <S extends Spec> boolean isMade(S spec, Made<S> made, Consumer<String> told) {
            try {
                var used = made.of(spec);
                inForce.computeIfAbsent(used.type(), _ -> new TreeMap<>()).put(used.name(), used);
                return true;
            } catch (RuntimeException | StackOverflowError e) {
                told.accept(Guards.reason(e));
                return false;
            }
        }

        private void blame(Spec spec, String reason) {
            culprits.add(new Culprit(new Spec.Ref(spec.type(), spec.name()), PlanCode.UNPLANNABLE, reason));
        }

        private Cluster cluster(ClusterSpec spec) {
            var old = before.cluster(spec.name());
            var places = switch (spec.source()) {
                case ClusterSpec.Source.Discovered _ ->
                    Optional.ofNullable(endpoints.get(spec.name()))
                            .map(EndpointsSpec::endpoints)
                            .orElse(List.of());
                case ClusterSpec.Source.Fixed(var fixed) -> fixed;
                case ClusterSpec.Source.Application(var port) ->
                    List.of(EndpointSpec.of(application, "127.0.0.1", port));
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

        /** Its chains with every policy that can be carried out, and in place of one that cannot its last good form. */
        private ListenerSpec listener(ListenerSpec spec) {
            var old = Optional.ofNullable(before.snapshot()
                    .all(ResourceType.LISTENER, ListenerSpec.class)
                    .get(spec.name()));
            var guarded = new Guards(old, reason -> blame(spec, reason)).of(spec);
            var compiled = guarded.chains().stream()
                    .map(chain -> Chain.compile(guarded, chain, tables))
                    .toList();
            place(guarded, compiled);
            return guarded;
        }

        private void place(ListenerSpec listener, List<Chain> compiled) {
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
                case ListenerSpec.Place.Door(var address, var port) -> bound(listener, address, port, compiled);
                case ListenerSpec.Place.Bound(var address, var port) -> bound(listener, address, port, compiled);
            }
        }

        private void bound(ListenerSpec listener, String address, int port, List<Chain> compiled) {
            Addresses.of(address, port);
            chains.put(listener.name(), compiled);
        }
    }

    /** Makes one spec ready, and returns what is in force of it. */
    @FunctionalInterface
    private interface Made<S extends Spec> {
        S of(S spec);
    }
}
