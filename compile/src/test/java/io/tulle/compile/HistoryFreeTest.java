package io.tulle.compile;

import static io.tulle.compile.MeshBuilder.backend;
import static io.tulle.compile.MeshBuilder.rule;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.AuthorizationRule;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.HashKey;
import io.tulle.model.policy.PeerTls;
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
import io.tulle.model.world.SourceMatch;
import io.tulle.model.world.Visibility;
import io.tulle.model.world.Workload;
import io.tulle.model.world.World;
import io.tulle.xds.codec.Resource;
import io.tulle.xds.layer.Bundle;
import io.tulle.xds.layer.Demand;
import io.tulle.xds.spec.ResourceType;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a chain of changes comes to is what its end comes to by itself, for every node and to the last resource. */
final class HistoryFreeTest {
    private static final int STEPS = 20;
    private static final List<String> NAMESPACES = List.of("shop", "batch", "apps", "tulle-system");
    private static final List<String> SERVICES = List.of("web", "cart", "catalog", "pay");
    private static final List<String> OUTSIDE = List.of("api.example.com", "redis", "db.example.com", "*.example.org");

    private Random random = new Random(0);

    static IntStream seeds() {
        return IntStream.of(0, 1, 2, 3, 4, 5, 35); // the last blamed a rule for what it led to
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aChainOfChangesComesToWhatItsEndComesTo(int seed) {
        random = new Random(seed);
        var parts = new Parts();
        var chain = MeshCompiler.of(World.empty(MeshSettings.DEFAULT), Fleet.EMPTY, List.of());
        var heard = new TreeMap<String, Hearing>();
        var demands = new TreeMap<String, Demand>();
        for (int step = 0; step < STEPS; step++) {
            for (int change = random.nextInt(3); change >= 0; change--) parts.change();
            var world = parts.world();
            var fleet = parts.fleet();
            chain = chain.then(world, fleet);
            var fresh = MeshCompiler.of(world, fleet, List.of());
            var at = "seed " + seed + " step " + step;
            assertEquals(fresh.leftOut(), chain.leftOut(), at);
            assertEquals(fresh.hopeless(), chain.hopeless(), at);
            for (var instance : fleet.instances().values()) {
                if (sometimes()) demands.put(instance.id(), parts.demand());
                var demand = demands.getOrDefault(instance.id(), Demand.EVERYTHING);
                var wanted = fresh.heardBy(instance, demand, Optional.empty()).bundle();
                var hearing = chain.heardBy(instance, demand, Optional.ofNullable(heard.get(instance.id())));
                if (!sometimes())
                    heard.put(instance.id(), hearing); // what could not be sent is not what was heard last
                var found = hearing.bundle();
                for (var type : ResourceType.values()) {
                    assertEquals(
                            names(wanted, type), names(found, type), () -> at + ", " + type + " of " + instance.id());
                    assertEquals(wanted.of(type).all(), found.of(type).all(), at);
                }
                assertEquals(wanted.version(), found.version(), at);
                assertEquals(fresh.snapshotFor(instance), chain.snapshotFor(instance), at);
            }
        }
    }

    private static List<String> names(Bundle bundle, ResourceType type) {
        return bundle.of(type).all().stream().map(Resource::name).toList();
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private boolean sometimes() {
        return random.nextInt(3) == 0;
    }

    /** All that can be declared or run, by name; a change puts one in, takes one out or replaces it. */
    private final class Parts {
        private final Map<ServiceName, Service> services = new TreeMap<>();
        private final Map<String, External> externals = new TreeMap<>();
        private final Map<String, Routing> routings = new TreeMap<>();
        private final Map<String, Destination> destinations = new TreeMap<>();
        private final Map<String, PeerPolicy> peers = new TreeMap<>();
        private final Map<String, AccessPolicy> access = new TreeMap<>();
        private final Map<String, Instance> instances = new TreeMap<>();
        private final Map<ServiceName, List<ServicePort>> departed = new TreeMap<>();
        private long revision;

        void change() {
            var key = "r" + random.nextInt(6);
            switch (random.nextInt(9)) {
                case 0 -> putOrRemove(services, service(), this::declared);
                case 1 -> putOrRemove(externals, key, this::external);
                case 2, 3 -> putOrRemove(routings, key, this::routing);
                case 4 -> putOrRemove(destinations, key, this::destination);
                case 5 -> putOrRemove(peers, key, this::peer);
                case 6 -> putOrRemove(access, key, this::access);
                case 7 -> putOrRemove(departed, service(), _ -> ports());
                default -> putOrRemove(instances, "i" + random.nextInt(9), this::instance);
            }
        }

        private <K, V> void putOrRemove(Map<K, V> all, K key, Function<K, V> made) {
            if (sometimes() && all.containsKey(key)) all.remove(key);
            else all.put(key, made.apply(key));
        }

        World world() {
            return new World(
                    ++revision,
                    MeshSettings.DEFAULT,
                    new TreeMap<>(services),
                    List.copyOf(externals.values()),
                    List.copyOf(routings.values()),
                    List.copyOf(destinations.values()),
                    List.copyOf(peers.values()),
                    List.copyOf(access.values()));
        }

        Fleet fleet() {
            var there = new TreeMap<>(departed);
            return Fleet.of(revision, instances.values(), there);
        }

        Demand demand() {
            if (sometimes()) return Demand.EVERYTHING;
            var hosts = new TreeSet<String>();
            for (int i = random.nextInt(4); i > 0; i--) hosts.add(host());
            var peers = new TreeSet<String>();
            for (int i = random.nextInt(3); i > 0; i--) peers.add("i" + random.nextInt(9));
            return new Demand(false, hosts, peers);
        }

        private ServiceName service() {
            return new ServiceName(any(NAMESPACES), any(SERVICES));
        }

        private List<ServicePort> ports() {
            var all = new TreeMap<Integer, ServicePort>();
            for (int i = random.nextInt(2); i >= 0; i--) {
                var port = 3000 + random.nextInt(3);
                all.put(port, new ServicePort(port, any(Arrays.asList(Protocol.values()))));
            }
            return List.copyOf(all.values());
        }

        private Service declared(ServiceName name) {
            return new Service(
                    name,
                    ports(),
                    List.of(),
                    sometimes() ? Optional.of(selector()) : Optional.empty(),
                    sometimes() ? visibility() : Visibility.EVERYWHERE);
        }

        private Selector selector() {
            var labels = new TreeMap<String, String>();
            if (sometimes()) labels.put("app", any(SERVICES));
            if (sometimes()) labels.put("version", any(List.of("v1", "v2")));
            return new Selector(labels);
        }

        private External external(String key) {
            var resolution = switch (random.nextInt(3)) {
                case 0 -> new External.Resolution.Dns(Optional.empty());
                case 1 -> new External.Resolution.Alias(host());
                default ->
                    new External.Resolution.Static(List.of(new External.Endpoint("10.0.0." + random.nextInt(9))));
            };
            var hosts = sometimes() ? List.of(service().host()) : List.of(any(OUTSIDE.subList(0, 3)));
            return new External(
                    ref("ServiceEntry", key),
                    hosts,
                    List.of(),
                    List.of(new External.Port(80 + random.nextInt(2), Protocol.TCP, 80)),
                    resolution,
                    visibility(),
                    Instant.ofEpochSecond(random.nextInt(3)));
        }

        private Visibility visibility() {
            return sometimes() ? new Visibility(false, new TreeSet<>(Set.of(any(NAMESPACES)))) : Visibility.EVERYWHERE;
        }

        private Routing routing(String key) {
            var weight = random.nextInt(8) == 0 ? -1 : 1 + random.nextInt(3); // a negative one no proxy can carry out
            var rules = List.of(
                    from(rule(
                            "first",
                            List.of(),
                            backend(host(), sometimes() ? "v1" : "", weight),
                            backend(host(), "", 1))),
                    rule("last", List.of(), backend(host(), "", 1)));
            var tcp = sometimes()
                    ? List.of(new Routing.TcpRule(OptionalInt.empty(), source(), List.of(backend(host(), "", 1))))
                    : List.<Routing.TcpRule>of();
            return new Routing(
                    ref("VirtualService", key),
                    any(Arrays.asList(Routing.Precedence.values())),
                    List.of(new Routing.Parent(host(), OptionalInt.empty())),
                    rules,
                    tcp,
                    visibility(),
                    Instant.ofEpochSecond(random.nextInt(3)));
        }

        private RouteRule from(RouteRule rule) {
            return new RouteRule(
                    rule.name(), rule.matches(), rule.action(), rule.policies(), OptionalInt.empty(), source());
        }

        private SourceMatch source() {
            return new SourceMatch(
                    sometimes() ? Optional.of(any(NAMESPACES)) : Optional.empty(),
                    sometimes() ? selector().labels() : new TreeMap<>());
        }

        /** One that is chosen by a hash, since what is hashed stands in the routes of those who lead here. */
        private static final List<Balancing> BALANCINGS = List.of(
                Balancing.LEAST_REQUEST,
                Balancing.RANDOM,
                new Balancing(new Balancing.RingHash(Optional.of(new HashKey.SourceAddress()), 1024)),
                new Balancing(new Balancing.Maglev(Optional.of(new HashKey.Header("x-user")), 1021)));

        private String host() {
            return sometimes() ? any(OUTSIDE.subList(0, 3)) : service().host();
        }

        private Destination destination(String key) {
            var subsets = new TreeMap<String, Destination.Subset>();
            if (random.nextBoolean()) {
                subsets.put(
                        "v1", new Destination.Subset(Map.of("version", "v1"), DestinationPolicy.NONE, new TreeMap<>()));
            }
            var policy = DestinationPolicy.NONE.with(any(BALANCINGS));
            return new Destination(
                    ref("DestinationRule", key),
                    sometimes() ? "*." + any(NAMESPACES) + ".tulle" : host(),
                    policy,
                    new TreeMap<>(),
                    subsets,
                    visibility(),
                    Instant.ofEpochSecond(random.nextInt(3)));
        }

        private PeerPolicy peer(String key) {
            return new PeerPolicy(
                    ref("PeerAuthentication", key),
                    selector(),
                    Optional.of(any(Arrays.asList(PeerTls.values()))),
                    new TreeMap<>());
        }

        private AccessPolicy access(String key) {
            var ref = ref("AuthorizationPolicy", key);
            var rules = sometimes()
                    ? List.<AuthorizationRule>of()
                    : List.of(new AuthorizationRule(List.of(), List.of(), List.of()));
            return new AccessPolicy(
                    ref, selector(), new Authorization(ref.toString(), Authorization.Action.DENY, rules));
        }

        private ResourceRef ref(String kind, String key) {
            return new ResourceRef(kind, any(NAMESPACES), key);
        }

        private Instance instance(String id) {
            var labels = new TreeMap<String, String>();
            if (random.nextBoolean()) labels.put("version", any(List.of("v1", "v2")));
            var service = service();
            return Instance.of(
                    Workload.of(
                            id,
                            service,
                            service.name(),
                            labels,
                            "127.0.0.1",
                            20_000 + random.nextInt(3),
                            ports(),
                            List.of()),
                    any(List.of(Set.of("nest-tcp"), Set.of("nest-tcp"), Set.of(), Set.of("proxyless-grpc"))),
                    any(Arrays.asList(Instance.Liveness.values())));
        }
    }
}
