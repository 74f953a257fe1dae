package io.tulle.proxy.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.OutlierPolicy;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.EndpointsSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.WireSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A change costs what it touches: of a thousand services one is made ready anew, and all others are taken over. */
class PlanInPartsTest {
    private static final int SERVICES = 1_000;

    private final PlanCompiler compiler = new PlanCompiler(new Random(1), () -> 0, "application", "shop");

    @Test
    void oneEndpointsChangeMakesItsClusterAndNothingElse() {
        var before = planOf(mesh());
        var moved = new EndpointsSpec("c17", List.of(EndpointSpec.of("c17-1", "10.9.9.9", 4000)));

        var after = compile(before, with(mesh(), moved));

        assertEquals(Set.of("CLUSTER c17"), made(before, after.plan()));
        assertEquals(Set.of(new Spec.Ref(ResourceType.CLUSTER, "c17")), after.made());
    }

    @Test
    void oneRoutesChangeMakesItsTableAndNothingElse() {
        var before = planOf(mesh());

        var after =
                compile(before, with(mesh(), new RouteTableSpec("r17", List.of(RouteSpec.toCluster("new", "c18")))));

        assertEquals(Set.of("ROUTES r17"), made(before, after.plan()));
        assertEquals(Set.of(new Spec.Ref(ResourceType.ROUTES, "r17")), after.made());
        var chain = chain(after.plan(), 17);
        assertSame(chain(before, 17).authorizer(), chain.authorizer(), "its listener's policies are not made again");
        assertSame(chain(before, 17).spec(), chain.spec());
    }

    @Test
    void oneListenersChangeMakesItAndNeitherTableNorCluster() {
        var before = planOf(mesh());
        var renamed = listener(17, new ListenerSpec.Place.Outbound(List.of("other"), List.of(), 4000));

        var after = compile(before, with(mesh(), renamed));

        assertEquals(Set.of(new Spec.Ref(ResourceType.LISTENER, "l17")), after.made());
        assertTrue(after.plan().chain(new Destination.Outbound("s17", 4000)).isEmpty(), "its old name leads nowhere");
        assertTrue(after.plan().chain(new Destination.Outbound("other", 4000)).isPresent());
        assertSame(chain(before, 18), chain(after.plan(), 18));
    }

    @Test
    void anEqualSnapshotOfOtherObjectsMakesNothing() {
        var before = planOf(mesh());

        var after = compile(before, Snapshot.of(specs()));

        assertEquals(Set.of(), after.made());
        assertEquals(Set.of(), made(before, after.plan()));
    }

    @Test
    void whatIsGoneIsInNoPlanAndNothingElseIsMade() {
        var before = planOf(mesh());

        var after = compile(before, without(mesh(), "l17", "r17", "c17"));

        assertEquals(Set.of(), after.made());
        assertTrue(after.plan().cluster("c17").isEmpty());
        assertTrue(after.plan().chain(new Destination.Outbound("s17", 4000)).isEmpty());
        assertSame(chain(before, 18), chain(after.plan(), 18));
    }

    @Test
    void whatCannotBePlannedIsTriedAgainAloneAndNamedUntilItCan() {
        var before = planOf(mesh());
        var impossible = listener(17, new ListenerSpec.Place.Api());

        var refused = compile(before, with(mesh(), impossible));
        var moved = new EndpointsSpec("c18", List.of(EndpointSpec.of("c18-1", "10.9.9.9", 4000)));
        var still = compile(refused.plan(), with(with(mesh(), impossible), moved));
        var mended = compile(still.plan(), with(mesh(), moved));

        assertEquals(List.of("l17"), culprits(refused));
        assertEquals(List.of("l17"), culprits(still));
        assertEquals(Set.of("CLUSTER c18"), made(refused.plan(), still.plan()));
        assertSame(chain(before, 17), chain(still.plan(), 17), "its last good form");
        assertEquals(
                listener(17, new ListenerSpec.Place.Outbound(List.of("s17"), List.of(), 4000)),
                still.plan().snapshot().ofType(ResourceType.LISTENER).get("l17"));
        assertEquals(List.of(), culprits(mended));
        assertEquals(Set.of(), mended.made(), "the good form came back, and it is in force");
    }

    @Test
    void theRoutesOfAListenerWithALastGoodFormGoOnChanging() {
        var before = planOf(mesh());
        var impossible = with(mesh(), listener(17, new ListenerSpec.Place.Api()));
        var refused = compile(before, impossible);

        var table = new RouteTableSpec("r17", List.of(RouteSpec.toCluster("new", "c18")));
        var after = compile(refused.plan(), with(impossible, table));

        var routes = chain(after.plan(), 17).routes().orElseThrow();
        assertNotSame(chain(before, 17).routes().orElseThrow(), routes);
        assertEquals("r17", routes.name());
    }

    @Test
    void aClusterThatIsNotTouchedGoesOnAsTheSameObject() {
        var before = planOf(mesh());
        var cluster = before.cluster("c18").orElseThrow();
        cluster.endpoints().endpoints().getFirst().state().requestStarted();
        cluster.limits().requests().take();

        var moved = new EndpointsSpec("c17", List.of(EndpointSpec.of("c17-1", "10.9.9.9", 4000)));
        var after = compile(before, with(mesh(), moved)).plan().cluster("c18").orElseThrow();

        assertSame(cluster, after, "its turn, its limits, its ejections and what is under way");
    }

    @Test
    void aClusterWhoseEndpointsChangeKeepsItsSpecItsLimitsAndTheStatesOfThoseThatStay() {
        var before = planOf(mesh());
        var old = before.cluster("c17").orElseThrow();
        var stays = old.endpoints().endpoints().getFirst();
        stays.state().requestStarted();
        old.limits().requests().take();
        var more = new ArrayList<>(endpoints(17).endpoints());
        more.add(EndpointSpec.of("c17-9", "10.9.9.9", 4000));

        var after = compile(before, with(Snapshot.of(specs()), new EndpointsSpec("c17", more)))
                .plan()
                .cluster("c17")
                .orElseThrow();

        assertSame(old.spec(), after.spec(), "connections are found by it");
        assertEquals(1, after.limits().requests().inUse());
        assertSame(stays.state(), after.endpoints().endpoints().getFirst().state());
        assertEquals(3, after.endpoints().endpoints().size());
    }

    @Test
    void whoeverWasEjectedIsBackWhereNobodyDetectsOutliersAnyMore() {
        var policy = new OutlierPolicy(
                OptionalInt.of(1),
                OptionalInt.empty(),
                OptionalInt.empty(),
                false,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                100,
                0);
        var before = planOf(with(mesh(), cluster(17, Optional.of(policy))));
        var old = before.cluster("c17").orElseThrow();
        var first = old.endpoints().endpoints().getFirst();
        old.outliers().orElseThrow().answered(first, 500, 1);
        assertTrue(first.state().isEjected());

        var after = compile(before, mesh()).plan().cluster("c17").orElseThrow();

        assertFalse(after.endpoints().endpoints().getFirst().state().isEjected());
    }

    private Plan planOf(Snapshot snapshot) {
        return compile(Plan.EMPTY, snapshot).plan();
    }

    private PlanCompiler.Compiled compile(Plan before, Snapshot snapshot) {
        return compiler.compile(snapshot, before);
    }

    /** What is another object than in the plan before. */
    private static Set<String> made(Plan before, Plan after) {
        var made = new TreeSet<String>();
        after.clusters().forEach((name, cluster) -> {
            if (before.cluster(name).filter(old -> old == cluster).isEmpty()) made.add("CLUSTER " + name);
        });
        IntStream.range(0, SERVICES).forEach(i -> {
            var table = chain(after, i).routes().orElseThrow();
            if (chain(before, i).routes().orElseThrow() != table) made.add("ROUTES " + table.name());
        });
        return made;
    }

    private static Chain chain(Plan plan, int service) {
        return plan.chain(new Destination.Outbound("s" + service, 4000)).orElseThrow();
    }

    private static List<String> culprits(PlanCompiler.Compiled compiled) {
        return compiled.culprits().stream()
                .map(culprit -> culprit.resource().name())
                .toList();
    }

    private static Snapshot mesh() {
        return Snapshot.of(specs());
    }

    private static List<Spec> specs() {
        var all = new ArrayList<Spec>();
        for (int i = 0; i < SERVICES; i++) {
            all.add(cluster(i, Optional.empty()));
            all.add(endpoints(i));
            all.add(new RouteTableSpec("r" + i, List.of(RouteSpec.toCluster("all", "c" + i))));
            all.add(listener(i, new ListenerSpec.Place.Outbound(List.of("s" + i), List.of(), 4000)));
        }
        return all;
    }

    private static ListenerSpec listener(int service, ListenerSpec.Place place) {
        var wire = new WireSpec.Http("r" + service, List.of());
        var chain = new ChainSpec("chain", 4000, List.of(), ChainSpec.PLAINTEXT, wire);
        return new ListenerSpec("l" + service, place, List.of(chain));
    }

    private static EndpointsSpec endpoints(int service) {
        var host = "10.1." + service / 250 + "." + service % 250;
        return new EndpointsSpec(
                "c" + service,
                List.of(
                        EndpointSpec.of("c" + service + "-1", host, 4000),
                        EndpointSpec.of("c" + service + "-2", host, 4001)));
    }

    private static ClusterSpec cluster(int service, Optional<OutlierPolicy> outliers) {
        return new ClusterSpec(
                "c" + service,
                "s" + service,
                new ClusterSpec.Source.Discovered(),
                Protocol.HTTP,
                new ClusterSpec.Security.Plaintext(),
                DestinationPolicy.NONE.with(Balancing.ROUND_ROBIN).with(outliers));
    }

    /** The same with these in place of those of their names. */
    private static Snapshot with(Snapshot snapshot, Spec... changed) {
        var refs = Arrays.stream(changed).map(PlanInPartsTest::ref).collect(Collectors.toSet());
        var all = new ArrayList<>(all(snapshot));
        all.removeIf(spec -> refs.contains(ref(spec)));
        all.addAll(Arrays.asList(changed));
        return Snapshot.of(all);
    }

    private static Snapshot without(Snapshot snapshot, String... names) {
        var all = new ArrayList<>(all(snapshot));
        all.removeIf(spec -> List.of(names).contains(spec.name()));
        return Snapshot.of(all);
    }

    private static List<Spec> all(Snapshot snapshot) {
        return snapshot.specs().values().stream()
                .flatMap(byName -> byName.values().stream())
                .toList();
    }

    private static Spec.Ref ref(Spec spec) {
        return new Spec.Ref(spec.type(), spec.name());
    }
}
