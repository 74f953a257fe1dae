package io.tulle.proxy.plan;

import io.tulle.model.shared.SharedMap;
import io.tulle.proxy.balance.Balancer;
import io.tulle.proxy.balance.DialledPlaces;
import io.tulle.proxy.balance.EndpointSet;
import io.tulle.proxy.plan.Parts.Part;
import io.tulle.proxy.resilience.Limits;
import io.tulle.proxy.resilience.OutlierDetector;
import io.tulle.proxy.route.RouteTable;
import io.tulle.proxy.tls.DoorCertificate;
import io.tulle.proxy.tls.Trust;
import io.tulle.xds.spec.CertificateSpec;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Makes a plan of a snapshot and the plan before it. A resource that did not change keeps what it was made into, so that a
 * change costs what it touches. A resource that cannot be carried out is named, and keeps its last good form; where it never
 * had one, it is left out, and what leads to it is refused. All others change.
 */
public final class PlanCompiler {
    private final RandomGenerator random;
    private final LongSupplier nanos;
    private final String application;
    private final String namespace;

    /**
     * @param random where round robin begins in each cluster
     * @param nanos the time, of which only differences mean anything: endpoints that come are warmed up
     * @param application the name of the endpoint that is the own application
     * @param namespace the application's
     */
    public PlanCompiler(RandomGenerator random, LongSupplier nanos, String application, String namespace) {
        this.random = random;
        this.nanos = nanos;
        this.application = application;
        this.namespace = namespace;
    }

    /**
     * What became of a snapshot.
     *
     * @param plan its snapshot is what is in force: of each culprit the last good form, where it has one
     * @param culprits what could not be carried out; empty when all is in force as it was sent
     * @param made what was made ready for this plan; everything else is as it was in the plan before
     */
    public record Compiled(Plan plan, List<Culprit> culprits, Set<Spec.Ref> made) {
        public Compiled {
            culprits = List.copyOf(culprits);
            made = Set.copyOf(made);
        }
    }

    /** A resource that cannot be carried out. */
    public record Culprit(Spec.Ref resource, PlanCode code, String reason) {}

    /**
     * @param before the plan in force, whose parts, counters and endpoint states go on
     */
    public Compiled compile(Snapshot snapshot, Plan before) {
        return new Making(snapshot, before).compile();
    }

    /** One compilation. */
    private final class Making {
        private final Snapshot wanted;
        private final Plan before;
        private final List<Culprit> culprits = new ArrayList<>();
        private final Set<Spec.Ref> made = new HashSet<>();

        Making(Snapshot wanted, Plan before) {
            this.wanted = wanted;
            this.before = before;
        }

        Compiled compile() {
            var old = before.parts();
            var trusts = each(ResourceType.SECRET, TrustSpec.class, old.trusts(), this::trust);
            var certificates = each(ResourceType.SECRET, CertificateSpec.class, old.certificates(), this::certificate);
            var clusters = each(ResourceType.CLUSTER, ClusterSpec.class, old.clusters(), this::cluster);
            var tables = each(ResourceType.ROUTES, RouteTableSpec.class, old.tables(), this::table);
            var unlinked = each(ResourceType.LISTENER, ListenerSpec.class, old.listeners(), this::listener);
            var secrets = new HashSet<>(old.certificates().differing(certificates));
            secrets.addAll(old.trusts().differing(trusts));
            var listeners = new Linking(tables, old.tables().differing(tables), certificates, trusts, secrets)
                    .of(unlinked, old.listeners().differing(unlinked));
            var failed = culprits.stream().map(Culprit::resource).collect(Collectors.toUnmodifiableSet());
            var parts = new Parts(wanted, failed, trusts, certificates, clusters, tables, listeners);
            var names = Names.of(wanted.ofType(ResourceType.NAME), namespace, before.names());
            return new Compiled(before.then(inForce(parts), parts, ways(listeners), names), culprits, made);
        }

        /** Each resource of a kind, or its last good form; what did not change, and did not fail, is not looked at. */
        private <S extends Spec, M> SharedMap<String, Part<S, M>> each(
                ResourceType type, Class<S> kind, SharedMap<String, Part<S, M>> old, Maker<S, M> maker) {
            var parts = old;
            for (var name : touched(type)) {
                var spec =
                        wanted.ofType(type).find(name).filter(kind::isInstance).map(kind::cast);
                var last = old.find(name);
                var part = spec.flatMap(now -> part(now, last, maker, reason -> blame(now, reason))
                        .or(() -> last.flatMap(good -> part(good.spec(), last, maker, _ -> {})))
                        .or(() -> last));
                parts = part.isPresent() ? parts.with(name, part.get()) : parts.without(name);
            }
            return parts;
        }

        private Set<String> touched(ResourceType type) {
            var names = new TreeSet<>(differing(type));
            if (type == ResourceType.CLUSTER)
                names.addAll(differing(ResourceType.ENDPOINTS)); // theirs, of the same name
            before.parts().failed().stream()
                    .filter(ref -> ref.type() == type)
                    .map(Spec.Ref::name)
                    .forEach(names::add);
            return names;
        }

        private Set<String> differing(ResourceType type) {
            return before.parts().wanted().ofType(type).differing(wanted.ofType(type));
        }

        /**
         * What a resource was made into already, or is made into now. Whatever goes wrong is a reason: an error that got out
         * of here would end the stream, and come again at once.
         */
        private <S extends Spec, M> Optional<Part<S, M>> part(
                S spec, Optional<Part<S, M>> last, Maker<S, M> maker, Consumer<String> told) {
            try {
                var places = spec instanceof ClusterSpec cluster ? places(cluster) : List.<EndpointSpec>of();
                if (last.filter(part -> part.isOf(spec, places)).isPresent()) return last;
                var part = maker.make(spec, places, last);
                made.add(new Spec.Ref(spec.type(), spec.name()));
                return Optional.of(part);
            } catch (RuntimeException | StackOverflowError e) {
                told.accept(Guards.reason(e));
                return Optional.empty();
            }
        }

        private void blame(Spec spec, String reason) {
            culprits.add(new Culprit(new Spec.Ref(spec.type(), spec.name()), PlanCode.UNPLANNABLE, reason));
        }

        private Part<TrustSpec, Trust> trust(
                TrustSpec spec, List<EndpointSpec> places, Optional<Part<TrustSpec, Trust>> last) {
            return new Part<>(spec, places, Trust.parse(spec.trustDomain(), spec.roots()));
        }

        private Part<CertificateSpec, DoorCertificate> certificate(
                CertificateSpec spec,
                List<EndpointSpec> places,
                Optional<Part<CertificateSpec, DoorCertificate>> last) {
            return new Part<>(spec, places, DoorCertificate.parse(spec));
        }

        private Part<RouteTableSpec, RouteTable> table(
                RouteTableSpec spec, List<EndpointSpec> places, Optional<Part<RouteTableSpec, RouteTable>> last) {
            return new Part<>(spec, places, RouteTable.compile(spec));
        }

        private List<EndpointSpec> places(ClusterSpec spec) {
            return switch (spec.source()) {
                case ClusterSpec.Source.Discovered _ ->
                    wanted.ofType(ResourceType.ENDPOINTS).get(spec.name()) instanceof EndpointsSpec found
                            ? found.endpoints()
                            : List.of();
                case ClusterSpec.Source.Fixed(var fixed) -> fixed;
                case ClusterSpec.Source.Application(var port) ->
                    List.of(EndpointSpec.of(application, "127.0.0.1", port));
                case ClusterSpec.Source.Resolved(var names) -> names;
                case ClusterSpec.Source.Dialled dialled -> dialled.otherwise();
            };
        }

        private Part<ClusterSpec, Cluster> cluster(
                ClusterSpec spec, List<EndpointSpec> places, Optional<Part<ClusterSpec, Cluster>> last) {
            var old = last.map(Part::made);
            var set = EndpointSet.compile(
                    places, spec.outliers(), old.map(Cluster::endpoints).orElse(EndpointSet.EMPTY));
            set.noteArrivals(old.map(Cluster::endpoints).orElse(EndpointSet.EMPTY), nanos.getAsLong());
            var limits = old.map(o -> o.limits().with(spec.limits())).orElseGet(() -> Limits.of(spec.limits()));
            var outliers = spec.outliers().map(policy -> OutlierDetector.of(policy, set));
            // What did not change stays the same object: connections and counters are found by it, at each request.
            var same = old.map(Cluster::spec).filter(spec::equals).orElse(spec);
            var dialled = spec.source() instanceof ClusterSpec.Source.Dialled source
                    ? Optional.of(DialledPlaces.of(source, set, old.flatMap(Cluster::dialled)))
                    : Optional.<DialledPlaces>empty();
            var balancer = Balancer.of(spec.balancing(), set, random, nanos, old.map(Cluster::balancer));
            var cluster = new Cluster(same, set, balancer, limits, outliers, dialled);
            return new Part<>(same, places, cluster);
        }

        /** Its chains with every policy that can be carried out, and in place of one that cannot its last good form. */
        private Part<ListenerSpec, List<Chain>> listener(
                ListenerSpec spec, List<EndpointSpec> places, Optional<Part<ListenerSpec, List<Chain>>> last) {
            var guarded = new Guards(last.map(Part::spec), reason -> blame(spec, reason)).of(spec);
            var chains = guarded.chains().stream()
                    .map(chain -> Chain.compile(guarded, chain))
                    .toList();
            requirePlace(guarded.place());
            return new Part<>(guarded, places, chains);
        }

        private static void requirePlace(ListenerSpec.Place place) {
            switch (place) {
                case ListenerSpec.Place.Api _ ->
                    throw new IllegalArgumentException("an API listener is for a gRPC client, not for a proxy");
                case ListenerSpec.Place.Door(var address, var port) -> Addresses.of(address, port);
                case ListenerSpec.Place.Bound(var address, var port) -> Addresses.of(address, port);
                case ListenerSpec.Place.Inbound _, ListenerSpec.Place.Outbound _ -> {}
            }
        }

        private Ways ways(SharedMap<String, Part<ListenerSpec, List<Chain>>> listeners) {
            var old = before.parts().listeners();
            var changed = old.differing(listeners);
            if (changed.isEmpty()) return before.ways();
            var isSaidTheSame = changed.stream()
                    .allMatch(name -> old.find(name)
                            .map(Part::spec)
                            .equals(listeners.find(name).map(Part::spec)));
            return isSaidTheSame ? before.ways().with(listeners, changed) : Ways.of(listeners);
        }

        /** What is in force: what is wanted, but for the culprits. */
        private Snapshot inForce(Parts parts) {
            var gone = new ArrayList<Spec.Ref>();
            var kept = new ArrayList<Spec>();
            for (var ref : parts.failed()) parts.inForce(ref).ifPresentOrElse(kept::add, () -> gone.add(ref));
            return gone.isEmpty() && kept.isEmpty()
                    ? wanted
                    : wanted.without(gone).put(kept);
        }
    }

    /** Makes one resource ready; what it is given of the last plan may be of another form of it. */
    @FunctionalInterface
    private interface Maker<S extends Spec, M> {
        Part<S, M> make(S spec, List<EndpointSpec> places, Optional<Part<S, M>> last);
    }
}
