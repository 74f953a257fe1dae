package io.tulle.proxy.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.policy.Balancing;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.EndpointSpec.Health;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BalancerTest {
    private final Random random = new Random(11);

    static List<Balancing> all() {
        return List.of(
                Balancing.LEAST_REQUEST,
                Balancing.ROUND_ROBIN,
                Balancing.RANDOM,
                new Balancing(new Balancing.RingHash(Optional.empty(), 1024)),
                new Balancing(new Balancing.Maglev(Optional.empty(), 1021)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void saysWhyThereIsNothingToChooseFrom(Balancing balancing) {
        assertEquals(
                new Pick.NoneHealthy("no endpoint is known"),
                Balancers.of(balancing, EndpointSet.EMPTY, random).pick(random));
        var set = set(endpoint("a", Health.DRAINING, 1), endpoint("b", Health.HEALTHY, 1));
        eject(set, "b");
        assertEquals(
                new Pick.NoneHealthy("2 endpoints, of which 1 ejected and 1 draining"),
                Balancers.of(balancing, set, random).pick(random));
    }

    @ParameterizedTest
    @MethodSource("all")
    void takesDegradedOnesOnlyWhenNoHealthyOneIsLeft(Balancing balancing) {
        var set = set(
                endpoint("a", Health.DEGRADED, 1),
                endpoint("b", Health.HEALTHY, 1),
                endpoint("c", Health.DRAINING, 1),
                endpoint("d", Health.HEALTHY, 1));
        var balancer = Balancers.of(balancing, set, random);
        assertEquals(List.of("b", "d"), chosen(balancer));
        eject(set, "b");
        assertEquals(List.of("d"), chosen(balancer));
        eject(set, "d");
        assertEquals(List.of("a"), chosen(balancer));
        set.readmit(named(set, "b"));
        assertEquals(List.of("b"), chosen(balancer));
    }

    @ParameterizedTest
    @MethodSource("all")
    void belowTheLeastShareOfHealthyOnesEjectionIsDisregarded(Balancing balancing) {
        var specs = List.of(
                endpoint("a", Health.HEALTHY, 1), endpoint("b", Health.HEALTHY, 1), endpoint("c", Health.HEALTHY, 1));
        var set = EndpointSet.compile(specs, 50, EndpointSet.EMPTY);
        var balancer = Balancers.of(balancing, set, random);
        eject(set, "a");
        assertEquals(List.of("b", "c"), chosen(balancer));
        eject(set, "b");
        assertEquals(List.of("a", "b", "c"), chosen(balancer));
    }

    @ParameterizedTest
    @MethodSource("all")
    void anotherAttemptGoesElsewhereAsLongAsThereIsAnywhere(Balancing balancing) {
        var set = set(
                endpoint("a", Health.HEALTHY, 1), endpoint("b", Health.HEALTHY, 1), endpoint("c", Health.DEGRADED, 1));
        var balancer = Balancers.of(balancing, set, random);
        var a = named(set, "a");
        var b = named(set, "b");
        assertEquals(List.of("b"), chosen(balancer, List.of(a)));
        assertEquals(List.of("c"), chosen(balancer, List.of(a, b)));
        assertEquals(List.of("a", "b"), chosen(balancer, List.of(a, b, named(set, "c"))));
    }

    @Test
    void whatWasTriedIsKnownAgainInTheNextPlan() {
        var before = set(endpoint("a", Health.HEALTHY, 1), endpoint("b", Health.HEALTHY, 1));
        var after = EndpointSet.compile(
                List.of(endpoint("a", Health.HEALTHY, 5), endpoint("b", Health.HEALTHY, 1)), 0, before);
        var balancer = Balancers.of(Balancing.RANDOM, after, random);
        assertEquals(List.of("b"), chosen(balancer, List.of(named(before, "a"))));
    }

    @Test
    void roundRobinGoesRoundFromARandomStart() {
        var set = set(
                endpoint("a", Health.HEALTHY, 1), endpoint("b", Health.HEALTHY, 1), endpoint("c", Health.HEALTHY, 1));
        var starts = new TreeMap<String, Integer>();
        for (int i = 0; i < 100; i++) {
            var balancer = Balancers.of(Balancing.ROUND_ROBIN, set, random);
            var first = name(balancer.pick(random));
            var second = name(balancer.pick(random));
            assertEquals((first.charAt(0) - 'a' + 1) % 3, second.charAt(0) - 'a');
            starts.merge(first, 1, Integer::sum);
        }
        assertEquals(3, starts.size(), starts.toString());
    }

    /** In any row of picks as long as the sum of weights each endpoint has exactly its weight: wherever one begins. */
    @Property(tries = 200)
    void roundRobinIsExactOverEachRound(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 20) Integer> weights,
            @ForAll @IntRange(max = 100) int skip) {
        var specs = new ArrayList<EndpointSpec>();
        for (int i = 0; i < weights.size(); i++) specs.add(endpoint("e" + i, Health.HEALTHY, weights.get(i)));
        var balancer =
                Balancers.of(Balancing.ROUND_ROBIN, EndpointSet.compile(specs, 0, EndpointSet.EMPTY), new Random(1));
        for (int i = 0; i < skip; i++) balancer.pick(random);
        var counts = count(balancer, weights.stream().mapToInt(w -> w).sum());
        for (int i = 0; i < weights.size(); i++) assertEquals(weights.get(i), counts.get("e" + i));
    }

    @Test
    void aHeavyEndpointsTurnsAreSpread() {
        var set = set(
                endpoint("a", Health.HEALTHY, 50), endpoint("b", Health.HEALTHY, 50), endpoint("c", Health.HEALTHY, 1));
        var balancer = Balancers.of(Balancing.ROUND_ROBIN, set, random);
        int longest = 0;
        int row = 0;
        var last = "";
        for (int i = 0; i < 1000; i++) {
            var name = name(balancer.pick(random));
            row = name.equals(last) ? row + 1 : 1;
            longest = Math.max(longest, row);
            last = name;
        }
        assertTrue(longest <= 3, "one had " + longest + " turns in a row");
    }

    @ParameterizedTest
    @EnumSource(names = {"RANDOM", "LEAST_REQUEST"})
    void idleEndpointsShareInProportionToTheirWeights(Balancing.Simple algorithm) {
        var balancing = new Balancing(algorithm);
        var set = set(
                endpoint("a", Health.HEALTHY, 1), endpoint("b", Health.HEALTHY, 2), endpoint("c", Health.HEALTHY, 7));
        int draws = 100_000;
        var counts = count(Balancers.of(balancing, set, random), draws);
        for (var share : Map.of("a", 0.1, "b", 0.2, "c", 0.7).entrySet()) {
            var sigma = Math.sqrt(draws * share.getValue() * (1 - share.getValue()));
            assertEquals(draws * share.getValue(), counts.get(share.getKey()), 4 * sigma, share.getKey());
        }
    }

    @Test
    void leastRequestAvoidsTheBusierOfTwo() {
        var set = set(endpoint("a", Health.HEALTHY, 1), endpoint("b", Health.HEALTHY, 1));
        named(set, "a").state().requestStarted();
        var balancer = Balancers.of(Balancing.LEAST_REQUEST, set, random);
        assertEquals(List.of("b"), chosen(balancer));
        named(set, "b").state().requestStarted();
        assertEquals(List.of("a", "b"), chosen(balancer));
        named(set, "a").state().requestEnded();
        assertEquals(List.of("a"), chosen(balancer));
    }

    @Test
    void leastRequestKeepsRequestsInFlightInProportionToWeights() {
        var set = set(endpoint("a", Health.HEALTHY, 1), endpoint("b", Health.HEALTHY, 3));
        var balancer = Balancers.of(Balancing.LEAST_REQUEST, set, random);
        var inFlight = new ArrayDeque<EndpointState>();
        for (int i = 0; i < 10_000; i++) {
            var state = assertInstanceOf(Pick.Chosen.class, balancer.pick(random))
                    .endpoint()
                    .state();
            state.requestStarted();
            inFlight.add(state);
            if (inFlight.size() > 400) inFlight.remove().requestEnded();
        }
        assertEquals(100, named(set, "a").state().active(), 20);
        assertEquals(300, named(set, "b").state().active(), 20);
    }

    @Test
    void hugeWeightsKeepTheirRatio() {
        var set = set(
                endpoint("a", Health.HEALTHY, Integer.MAX_VALUE), endpoint("b", Health.HEALTHY, Integer.MAX_VALUE / 3));
        for (var algorithm : Balancing.Simple.values()) {
            var counts = count(Balancers.of(new Balancing(algorithm), set, random), 40_000);
            assertEquals(30_000, counts.get("a"), 400, algorithm.name());
        }
    }

    @Test
    void loopsThatPickAtOnceShareTheRounds() throws InterruptedException {
        var set = set(
                endpoint("a", Health.HEALTHY, 1), endpoint("b", Health.HEALTHY, 2), endpoint("c", Health.HEALTHY, 3));
        var balancer = Balancers.of(Balancing.ROUND_ROBIN, set, random);
        var counts = new ConcurrentHashMap<String, Integer>();
        var loops = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            loops.add(Thread.ofPlatform().start(() -> {
                for (int n = 0; n < 6_000; n++) counts.merge(name(balancer.pick(new Random(n))), 1, Integer::sum);
            }));
        }
        for (var loop : loops) loop.join();
        assertEquals(Map.of("a", 4_000, "b", 8_000, "c", 12_000), counts);
    }

    @Test
    void aRequestThatEndsTwiceIsABugThatShows() {
        var state = named(set(endpoint("a", Health.HEALTHY, 1)), "a").state();
        state.requestStarted();
        state.requestEnded();
        assertThrows(IllegalStateException.class, state::requestEnded);
        assertEquals(0, state.active());
    }

    @Test
    void stateIsKeptFromPlanToPlanByInstanceAndAddress() {
        var before = set(endpoint("a", Health.HEALTHY, 1), endpoint("b", Health.HEALTHY, 1));
        named(before, "a").state().requestStarted();
        eject(before, "b");
        var moved = new EndpointSpec("a", "10.0.0.2", 4000, Health.HEALTHY, 1);
        var after = EndpointSet.compile(
                List.of(endpoint("b", Health.DEGRADED, 3), endpoint("a", Health.HEALTHY, 1), moved), 0, before);
        assertEquals(1, after.endpoints().getFirst().state().active());
        assertEquals(0, after.endpoints().get(1).state().active());
        assertTrue(named(after, "b").state().isEjected());
        before.readmit(named(before, "b"));
        assertFalse(named(after, "b").state().isEjected());
        eject(after, "a");
        assertEquals(List.of("b"), chosen(Balancers.of(Balancing.RANDOM, before, random)));
    }

    @Test
    void withoutOutlierDetectionNobodyStaysEjected() {
        var before = set(endpoint("a", Health.HEALTHY, 1), endpoint("b", Health.HEALTHY, 1));
        eject(before, "a");
        var specs = before.endpoints().stream().map(Endpoint::spec).toList();
        var after = EndpointSet.compile(specs, Optional.empty(), before);
        assertEquals(List.of("a", "b"), chosen(Balancers.of(Balancing.RANDOM, after, random)));
    }

    @Test
    void theOrderOfEndpointsNeverMattersNorWhichOfTwoAlikeCameFirst() {
        var a = endpoint("a", Health.HEALTHY, 1);
        var b = endpoint("b", Health.HEALTHY, 2);
        var suspect = endpoint("b", Health.DEGRADED, 9);
        var one = EndpointSet.compile(List.of(a, suspect, b), 0, EndpointSet.EMPTY);
        var other = EndpointSet.compile(List.of(b, a, suspect), 0, EndpointSet.EMPTY);
        assertEquals(List.of(a, b), one.endpoints().stream().map(Endpoint::spec).toList());
        assertEquals(
                List.of(a, b), other.endpoints().stream().map(Endpoint::spec).toList());
    }

    private List<String> chosen(Balancer balancer) {
        return chosen(balancer, List.of());
    }

    private List<String> chosen(Balancer balancer, List<Endpoint> tried) {
        var names = new TreeMap<String, Integer>();
        for (int i = 0; i < 100; i++) names.merge(name(balancer.pick(tried, random)), 1, Integer::sum);
        return List.copyOf(names.keySet());
    }

    private Map<String, Integer> count(Balancer balancer, int picks) {
        var counts = new TreeMap<String, Integer>();
        for (int i = 0; i < picks; i++) counts.merge(name(balancer.pick(random)), 1, Integer::sum);
        return counts;
    }

    private static String name(Pick pick) {
        return assertInstanceOf(Pick.Chosen.class, pick).endpoint().spec().instance();
    }

    private static void eject(EndpointSet set, String instance) {
        set.eject(named(set, instance), 0);
    }

    private static Endpoint named(EndpointSet set, String instance) {
        return set.endpoints().stream()
                .filter(e -> e.spec().instance().equals(instance))
                .findFirst()
                .orElseThrow();
    }

    private static EndpointSet set(EndpointSpec... specs) {
        return EndpointSet.compile(Arrays.asList(specs), 0, EndpointSet.EMPTY);
    }

    private static EndpointSpec endpoint(String instance, Health health, int weight) {
        return new EndpointSpec(instance, "10.0.0.1", 4000, health, weight);
    }
}
