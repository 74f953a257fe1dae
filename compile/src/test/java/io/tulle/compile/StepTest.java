package io.tulle.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.policy.Authorization;
import io.tulle.model.world.AccessPolicy;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.Routing;
import io.tulle.model.world.Selector;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Visibility;
import io.tulle.model.world.Workload;
import io.tulle.model.world.World;
import io.tulle.xds.codec.Resource;
import io.tulle.xds.layer.Bundle;
import io.tulle.xds.layer.Demand;
import io.tulle.xds.spec.ResourceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a change costs is counted, not timed: a mesh of 200 services in ten namespaces, with a sidecar each. */
final class StepTest {
    private static final int SERVICES = 200;
    private static final int NAMESPACES = 10;

    private final World world = World.empty(MeshSettings.DEFAULT);
    private final List<Instance> instances =
            IntStream.range(0, SERVICES).mapToObj(i -> instance(i, 20_000)).toList();
    private final MeshCompiler before = MeshCompiler.of(world, Fleet.of(1, instances), List.of());

    @Test
    void oneEndpointsChangeCompilesOneLayerAndEncodesOneResourceForAll() {
        var after = before.then(world, moved());

        assertEquals(Set.of(host(7)), after.compiled());
        var fresh = fresh(after);
        assertEquals(List.of("outbound|3000||" + host(7)), names(fresh));
        var all = Collections.<Resource>newSetFromMap(new IdentityHashMap<>());
        instances.forEach(each -> all.addAll(fresh.stream()
                .map(resource -> bundle(after, each)
                        .of(resource.type())
                        .find(resource.name())
                        .orElseThrow())
                .toList()));
        assertEquals(1, all.size(), "the same bytes for all");
    }

    @Test
    void oneRoutesChangeCompilesOneLayerAndEncodesOneResourceForAll() {
        var after = before.then(routed(7, 9), before.fleet());

        assertEquals(Set.of(host(7)), after.compiled());
        assertEquals(List.of("outbound|3000||" + host(7)), names(fresh(after)));
    }

    @Test
    void whoeverLeadsToADestinationIsCompiledAgainWhenItsPortsChangeAndNotWhenAnEndpointMoves() {
        var routed = before.then(routed(7, 9), before.fleet());

        var moved = new ArrayList<>(instances);
        moved.set(9, instance(9, 30_000));
        assertEquals(
                Set.of(host(9)), routed.then(routed.world(), Fleet.of(2, moved)).compiled());
        var without = new ArrayList<>(instances);
        without.remove(9);
        assertEquals(
                Set.of(host(7), host(9)),
                routed.then(routed.world(), Fleet.of(2, without)).compiled());
    }

    @Test
    void aPolicyTouchesTheNodesThatItSelectsAndNobodyElse() {
        var after = before.then(guarded(), before.fleet());

        assertEquals(Set.of(), after.compiled());
        assertEquals(Set.of("svc-7-1"), told(after));
    }

    @Test
    void aChangeThatComesToNothingTouchesNobody() {
        var after = before.then(
                new World(2, world.settings(), world.services(), List.of(), List.of(), List.of(), List.of(), List.of()),
                Fleet.of(2, instances));

        assertEquals(Set.of(), after.compiled());
        assertEquals(Set.of(), told(after));
    }

    @Test
    void clientsOfOneNamespaceStandOnTheSameShelfAfterEveryChange() {
        var after = before.then(routed(7, 9), moved()).then(world, before.fleet());

        var one = bundle(after, instances.get(0)).of(ResourceType.ENDPOINTS);
        var other = bundle(after, instances.get(NAMESPACES)).of(ResourceType.ENDPOINTS);
        assertTrue(one.isSame(other), "the very same, without a look at what it holds");
    }

    @Test
    void whoAskedForFiveHearsThemWithAllThatTheyLeadToAndTheNamesOfTheRest() {
        var mesh = before.then(routed(7, 9), before.fleet());
        var bundle = mesh.heardBy(instances.getFirst(), asked(3, 7), Optional.empty())
                .bundle();

        assertEquals(
                List.of("inbound", host(3) + ":3000", host(7) + ":3000", host(9) + ":3000"),
                names(bundle.of(ResourceType.LISTENER).all()));
        assertEquals(
                List.of(host(3), host(7)),
                names(bundle.of(ResourceType.DESTINATION).all()));
        assertEquals(SERVICES, bundle.of(ResourceType.NAME).all().size());
        assertEquals(List.of("svc-5-1"), names(bundle.of(ResourceType.PEER).all()));
    }

    @Test
    void aNameCostsNoMoreThanEightyBytesOnTheWire() {
        var names = before.heardBy(instances.getFirst(), Demand.NOTHING, Optional.empty())
                .bundle()
                .of(ResourceType.NAME)
                .all();

        for (var name : names) {
            var sent = io.envoyproxy.envoy.service.discovery.v3.Resource.newBuilder()
                    .setName(name.name())
                    .setVersion(name.version())
                    .setResource(name.any())
                    .build();
            assertTrue(sent.getSerializedSize() <= 80, name.name() + " costs " + sent.getSerializedSize());
        }
    }

    @Test
    void onlyThoseWhoAskedForADestinationHearOfItsChange() {
        assertEquals(Set.of("svc-6-1"), toldOf(before.then(world, moved())));
        assertEquals(Set.of("svc-6-1"), toldOf(before.then(routed(7, 9), before.fleet())));
    }

    @Test
    void anotherServiceCostsEverybodyItsNameAlone() {
        var more = new ArrayList<>(instances);
        more.add(instance(SERVICES, 20_000));
        var after = before.then(world, Fleet.of(2, more));

        for (var each : instances) {
            var was = before.heardBy(each, asked(3), Optional.empty());
            var is = after.heardBy(each, asked(3), Optional.of(was)).bundle();
            for (var type : ResourceType.values()) {
                var then = was.bundle().of(type);
                var differing = then.differing(is.of(type)).stream()
                        .filter(name -> !then.find(name).equals(is.of(type).find(name)))
                        .toList();
                assertEquals(
                        type == ResourceType.NAME ? List.of(host(SERVICES)) : List.of(),
                        differing,
                        type + " of " + each.id());
            }
        }
    }

    /** Each asks for the service after its own. */
    private Set<String> toldOf(MeshCompiler after) {
        var told = new TreeSet<String>();
        for (int i = 0; i + 1 < SERVICES; i++) {
            var each = instances.get(i);
            var was = before.heardBy(each, asked(i + 1), Optional.empty());
            if (!after.heardBy(each, asked(i + 1), Optional.of(was)).isSame(was)) told.add(each.id());
        }
        return told;
    }

    private static Demand asked(int... services) {
        return new Demand(
                false, IntStream.of(services).mapToObj(StepTest::host).collect(Collectors.toSet()), Set.of("svc-5-1"));
    }

    /** Resources that some node hears and that were not there before. */
    private List<Resource> fresh(MeshCompiler after) {
        var known = Collections.<Resource>newSetFromMap(new IdentityHashMap<>());
        instances.forEach(each -> known.addAll(heard(before, each)));
        var fresh = Collections.<Resource>newSetFromMap(new IdentityHashMap<>());
        after.fleet().instances().values().forEach(each -> fresh.addAll(heard(after, each)));
        fresh.removeAll(known);
        return List.copyOf(fresh);
    }

    private Set<String> told(MeshCompiler after) {
        var told = new TreeSet<String>();
        for (var each : instances) {
            var was = everything(before, each);
            if (!after.heardBy(each, Demand.EVERYTHING, Optional.of(was)).isSame(was)) told.add(each.id());
        }
        return told;
    }

    private static List<String> names(List<Resource> all) {
        return all.stream().map(Resource::name).sorted().toList();
    }

    private static List<Resource> heard(MeshCompiler mesh, Instance instance) {
        var bundle = bundle(mesh, instance);
        return bundle.types().stream()
                .flatMap(type -> bundle.of(type).all().stream())
                .toList();
    }

    private static Bundle bundle(MeshCompiler mesh, Instance instance) {
        return everything(mesh, instance).bundle();
    }

    private static Hearing everything(MeshCompiler mesh, Instance instance) {
        return mesh.heardBy(instance, Demand.EVERYTHING, Optional.empty());
    }

    private Fleet moved() {
        return Fleet.of(
                2,
                Stream.concat(
                                instances.stream().filter(each -> !each.id().equals("svc-7-1")),
                                Stream.of(instance(7, 30_000)))
                        .toList());
    }

    private World routed(int from, int to) {
        var rule = MeshBuilder.rule("all", List.of(), MeshBuilder.backend(host(to), "", 1));
        var routing = new Routing(
                new ResourceRef("VirtualService", name(from).namespace(), "r"),
                Routing.Precedence.WRITTEN,
                List.of(new Routing.Parent(host(from), OptionalInt.empty())),
                List.of(rule),
                List.of(),
                Visibility.EVERYWHERE,
                Instant.EPOCH);
        return new World(
                2, world.settings(), world.services(), List.of(), List.of(routing), List.of(), List.of(), List.of());
    }

    private World guarded() {
        var policy = new AccessPolicy(
                new ResourceRef("AuthorizationPolicy", name(7).namespace(), "shut"),
                new Selector(new TreeMap<>(Map.of("app", "svc-7"))),
                new Authorization("shut", Authorization.Action.DENY, List.of()));
        return world.with(List.of(policy));
    }

    private static ServiceName name(int service) {
        return new ServiceName("ns" + service % NAMESPACES, "svc-" + service);
    }

    private static String host(int service) {
        return name(service).host();
    }

    private static Instance instance(int service, int meshPort) {
        return Instance.of(
                Workload.of(
                        "svc-" + service + "-1",
                        name(service),
                        "svc-" + service,
                        Map.of(),
                        "127.0.0.1",
                        meshPort,
                        List.of(new ServicePort(3000, Protocol.HTTP)),
                        List.of()),
                Set.of("nest-tcp"),
                Instance.Liveness.LIVE);
    }
}
