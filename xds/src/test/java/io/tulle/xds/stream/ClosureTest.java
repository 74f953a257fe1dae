package io.tulle.xds.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.EndpointsSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What follows from the touched alone is what follows from everything. */
class ClosureTest {
    private static final int CHAINS = 300;
    private static final int STEPS = 40;
    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    private final Holdings holdings = new Holdings();

    @Test
    void theShortWayEndsWhereTheLongOneDoes() {
        int taken = 0;
        for (int chain = 0; chain < CHAINS; chain++) taken += walk(new Random(chain));
        assertTrue(taken > CHAINS, "the short way was taken " + taken + " times");
    }

    /** @return how often the short way was open */
    private int walk(Random random) {
        var holdings = new Holdings();
        var now = Closure.of(List.of(), Snapshot.EMPTY);
        int taken = 0;
        for (int step = 0; step < STEPS; step++) {
            for (int i = random.nextInt(4); i >= 0; i--) touch(holdings, random);
            var touched = holdings.takeTouched();
            var whole = Closure.of(holdings.specs(), now.snapshot());
            var quick = now.then(holdings, touched);
            if (quick.isPresent()) taken++;
            quick.ifPresent(each -> assertEquals(whole, each));
            now = quick.orElse(whole);
        }
        return taken;
    }

    private static void touch(Holdings holdings, Random random) {
        var name = NAMES.get(random.nextInt(NAMES.size()));
        var all = Shop.service(name, 1 + random.nextInt(3));
        var spec = all.get(random.nextInt(all.size()));
        if (random.nextInt(5) == 0) holdings.remove(spec.type(), spec.name());
        else holdings.put("1", random.nextInt(6) == 0 ? elsewhere(name, random) : spec);
    }

    private static Spec elsewhere(String name, Random random) {
        var other = NAMES.get(random.nextInt(NAMES.size()));
        return new RouteTableSpec(name, List.of(RouteSpec.toCluster("default", other)));
    }

    @Test
    void aChangedSpecSharesAllTheOthers() {
        Shop.of(1, "a", "b")
                .specs()
                .values()
                .forEach(byName -> byName.values().forEach(spec -> holdings.put("1", spec)));
        var before = Closure.of(holdings.specs(), Snapshot.EMPTY);
        holdings.takeTouched();
        holdings.put("2", new EndpointsSpec("a", List.of(EndpointSpec.of("a-1", "127.0.0.1", 2))));

        var after = before.then(holdings, holdings.takeTouched()).orElseThrow().snapshot();

        assertEquals(
                Set.of("a"),
                before.snapshot().ofType(ResourceType.ENDPOINTS).differing(after.ofType(ResourceType.ENDPOINTS)));
        for (var type : Set.of(ResourceType.CLUSTER, ResourceType.LISTENER, ResourceType.ROUTES))
            assertTrue(before.snapshot().ofType(type) == after.ofType(type), type + " is the same object");
    }

    @Test
    void everyTypeThatASpecRefersToIsLookedFor() {
        var referred = new HashSet<ResourceType>();
        Shop.of(1, "a")
                .specs()
                .values()
                .forEach(byName ->
                        byName.values().forEach(spec -> spec.references().forEach(ref -> referred.add(ref.type()))));
        for (var type : referred) {
            var held = new Holdings();
            Shop.service("a", 1).forEach(spec -> held.put("1", spec));
            var before = Closure.of(held.specs(), Snapshot.EMPTY);
            held.takeTouched();
            held.remove(type, "a");
            assertTrue(before.then(held, held.takeTouched()).isEmpty(), type.toString());
        }
    }
}
