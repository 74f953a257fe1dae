package io.tulle.proxy.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.Balancing.Maglev;
import io.tulle.model.policy.Balancing.RingHash;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.EndpointSpec.Health;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CircleTest {
    private static final int KEYS = 20_000;

    private final Random random = new Random(5);

    static List<Balancing> hashed() {
        return List.of(
                new Balancing(new RingHash(Optional.empty(), 4096)),
                new Balancing(new Maglev(Optional.empty(), 65_537)));
    }

    /** The published vectors of XXH64 with seed 0, and one beyond ASCII. */
    @Test
    void theHashIsTheOneThatEnvoyUses() {
        assertEquals(0xEF46DB3751D8E999L, XxHash.of(""));
        assertEquals(0xD24EC4F1A98C6E5BL, XxHash.of("a"));
        assertEquals(0x44BC2CF5AD770999L, XxHash.of("abc"));
        assertEquals(0xCFE1F278FA89835CL, XxHash.of("abcdefghijklmnopqrstuvwxyz"));
        assertEquals(0xAAA46907D3047814L, XxHash.of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"));
        assertNotEquals(XxHash.of("é"), XxHash.of("?"));
    }

    @ParameterizedTest
    @MethodSource("hashed")
    void oneMoreOfTenMovesAboutATenth(Balancing balancing) {
        var ten = homes(balancing, set(10));
        var eleven = homes(balancing, set(11));
        int toIt = 0;
        int elsewhere = 0;
        for (var key : ten.keySet()) {
            if (ten.get(key).equals(eleven.get(key))) continue;
            if (eleven.get(key).equals("cart-10")) toIt++;
            else elsewhere++;
        }
        assertEquals(KEYS / 11.0, toIt, KEYS * 0.03);
        // Both trade some of that for shares that stay even: Maglev fills all of its table, and a ring keeps its size,
        // so that
        // each of the ten gives up a tenth of its places.
        assertTrue(elsewhere < KEYS / 11.0, elsewhere + " moved between those that stayed");
    }

    @ParameterizedTest
    @MethodSource("hashed")
    void whatComesBackAtAnotherPortIsTheSameToAHash(Balancing balancing) {
        var moved = List.of(place("cart-0", 4000), place("cart-1", 9999), place("cart-2", 4002));
        assertEquals(homes(balancing, set(3)), homes(balancing, EndpointSet.compile(moved, 0, EndpointSet.EMPTY)));
    }

    @ParameterizedTest
    @MethodSource("hashed")
    void onlyTheRequestsOfOneThatIsEjectedGoElsewhereAndTheyComeBack(Balancing balancing) {
        var set = set(5);
        var before = homes(balancing, set);
        var gone = set.endpoints().getFirst();
        set.eject(gone, 0);
        var meanwhile = homes(balancing, set);
        before.forEach((key, home) -> {
            if (home.equals("cart-0")) assertNotEquals("cart-0", meanwhile.get(key));
            else assertEquals(home, meanwhile.get(key));
        });
        set.readmit(gone);
        assertEquals(before, homes(balancing, set));
    }

    @ParameterizedTest
    @MethodSource("hashed")
    void anotherAttemptGoesToTheNextAndAlwaysToTheSame(Balancing balancing) {
        var set = set(5);
        var balancer = Balancers.of(balancing, set, random);
        for (long hash = 0; hash < 100; hash++) {
            var first = chosen(balancer.pick(XxHash.of("k" + hash), List.of()));
            var next = chosen(balancer.pick(XxHash.of("k" + hash), List.of(first)));
            assertNotEquals(first, next);
            assertEquals(next, chosen(balancer.pick(XxHash.of("k" + hash), List.of(first))));
        }
    }

    @ParameterizedTest
    @MethodSource("hashed")
    void aSuspectOneIsPassedOverWhileThereIsAHealthyOne(Balancing balancing) {
        var specs = List.of(
                new EndpointSpec("a", "10.0.0.1", 4000, Health.DEGRADED, 1),
                new EndpointSpec("b", "10.0.0.2", 4000, Health.HEALTHY, 1));
        var homes = homes(balancing, EndpointSet.compile(specs, 0, EndpointSet.EMPTY));
        assertEquals(List.of("b"), homes.values().stream().distinct().toList());
    }

    @ParameterizedTest
    @MethodSource("hashed")
    void aHeavyOneHasSoMuchMore(Balancing balancing) {
        var specs = List.of(
                new EndpointSpec("a", "10.0.0.1", 4000, Health.HEALTHY, 1),
                new EndpointSpec("b", "10.0.0.2", 4000, Health.HEALTHY, 3));
        var homes = homes(balancing, EndpointSet.compile(specs, 0, EndpointSet.EMPTY));
        var heavy = homes.values().stream().filter("b"::equals).count();
        assertEquals(KEYS * 0.75, heavy, KEYS * 0.06);
    }

    @Test
    void severalUnderOneNameAreToldApartByTheirAddresses() {
        var specs = List.of(place("db.example.com", 1), place("db.example.com", 2), place("db.example.com", 3));
        var set = EndpointSet.compile(specs, 0, EndpointSet.EMPTY);
        var balancer = Balancers.of(hashed().getFirst(), set, random);
        var ports = new HashMap<Integer, Integer>();
        for (int i = 0; i < KEYS; i++)
            ports.merge(
                    chosen(balancer.pick(XxHash.of("k" + i), List.of())).spec().port(), 1, Integer::sum);
        assertEquals(3, ports.size());
    }

    @Test
    void aCircleIsMadeAnewOnlyWhenEndpointsOrTheirWeightsChange() {
        var balancing = hashed().getFirst();
        var before = Circle.of((Balancing.Hashed) balancing.algorithm(), Circle.Member.of(set(3)));
        assertEquals(before.members(), Circle.Member.of(set(3)));
        var first = Balancers.of(balancing, set(3), random);
        var second = Balancer.of(balancing, set(3), random, () -> 0, Optional.of(first));
        assertSame(first.circle().orElseThrow(), second.circle().orElseThrow());
        var third = Balancer.of(balancing, set(4), random, () -> 0, Optional.of(second));
        assertNotEquals(second.circle(), third.circle());
    }

    /** Envoy's most for a ring of very uneven weights, and a table with fewer places than endpoints. */
    @Test
    void memoryIsBoundedWhateverIsAskedFor() {
        var uneven = List.of(
                new EndpointSpec("a", "10.0.0.1", 4000, Health.HEALTHY, 1),
                new EndpointSpec("b", "10.0.0.2", 4000, Health.HEALTHY, 1_000_000_000));
        var members = Circle.Member.of(EndpointSet.compile(uneven, 0, EndpointSet.EMPTY));
        assertTrue(Ring.of(members, RingHash.LARGEST).size() <= RingHash.LARGEST + members.size());
        var set = set(10);
        var balancer = Balancers.of(new Balancing(new Maglev(Optional.empty(), 3)), set, random);
        for (var endpoint : set.endpoints().subList(0, 9)) set.eject(endpoint, 0);
        for (long hash = 0; hash < 10; hash++)
            assertEquals(set.endpoints().getLast(), chosen(balancer.pick(hash, List.of())));
    }

    private Map<String, String> homes(Balancing balancing, EndpointSet set) {
        var balancer = Balancers.of(balancing, set, random);
        var homes = new HashMap<String, String>();
        for (int i = 0; i < KEYS; i++) {
            var key = "user-" + i;
            homes.put(
                    key, chosen(balancer.pick(XxHash.of(key), List.of())).spec().instance());
        }
        return homes;
    }

    private static Endpoint chosen(Pick pick) {
        return assertInstanceOf(Pick.Chosen.class, pick).endpoint();
    }

    private static EndpointSet set(int size) {
        var specs = new ArrayList<EndpointSpec>();
        for (int i = 0; i < size; i++) specs.add(place("cart-" + i, 4000 + i));
        return EndpointSet.compile(specs, 0, EndpointSet.EMPTY);
    }

    private static EndpointSpec place(String instance, int port) {
        return EndpointSpec.of(instance, "10.0.0.1", port);
    }
}
