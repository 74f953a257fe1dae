package io.tulle.proxy.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.Balancing.Simple;
import io.tulle.model.policy.Balancing.Warmup;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.EndpointSpec.Health;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WarmupTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final int PICKS = 40_000;

    private final Random random = new Random(3);
    private long now = 5;

    @ParameterizedTest
    @EnumSource(names = {"LEAST_REQUEST", "ROUND_ROBIN"})
    void anEndpointThatComesGetsItsShareLittleByLittle(Simple algorithm) {
        var set = grown(Health.HEALTHY);
        var balancer = balancer(new Balancing(algorithm, Optional.of(new Warmup(Duration.ofMinutes(1), 10, 1))), set);
        assertShare(0.1, balancer); // the minimum
        now += MINUTE / 20;
        assertShare(0.1, balancer);
        now += MINUTE / 2 - MINUTE / 20;
        assertShare(0.5, balancer);
        now += MINUTE / 2;
        assertShare(1, balancer);
        now += 100 * MINUTE;
        assertShare(1, balancer);
    }

    @Test
    void moreAggressionBeginsSteeper() {
        var warmup = new Warmup(Duration.ofMinutes(1), 10, 2);
        var balancer = balancer(new Balancing(Simple.ROUND_ROBIN, Optional.of(warmup)), grown(Health.HEALTHY));
        now += MINUTE / 4;
        assertShare(0.5, balancer); // the square root of a quarter
    }

    @Test
    void oneThatWasThereAndDidNotListenYetWarmsUpWhenItDoes() {
        var before = grown(Health.DRAINING);
        var set = EndpointSet.compile(List.of(place("old"), place("new")), 0, before);
        set.noteArrivals(before, now);
        assertShare(0.1, balancer(warming(), set));
    }

    @Test
    void thoseOfTheFirstPlanAreWarm() {
        var set = EndpointSet.compile(List.of(place("old"), place("new")), 0, EndpointSet.EMPTY);
        set.noteArrivals(EndpointSet.EMPTY, now);
        assertShare(1, balancer(warming(), set));
    }

    private static Balancing warming() {
        return new Balancing(Simple.ROUND_ROBIN, Optional.of(new Warmup(Duration.ofMinutes(1), 10, 1)));
    }

    private Balancer balancer(Balancing balancing, EndpointSet set) {
        return Balancer.of(balancing, set, random, () -> now, Optional.empty());
    }

    /** One that was there, and one that came now. */
    private EndpointSet grown(Health health) {
        var before = EndpointSet.compile(List.of(place("old")), 0, EndpointSet.EMPTY);
        var specs = List.of(place("old"), new EndpointSpec("new", "10.0.0.1", 4000, health, 1));
        var set = EndpointSet.compile(specs, 0, before);
        set.noteArrivals(before, now);
        return set;
    }

    /** @param weight of the new one beside 1 of the old */
    private void assertShare(double weight, Balancer balancer) {
        int met = 0;
        for (int i = 0; i < PICKS; i++) {
            var chosen = assertInstanceOf(Pick.Chosen.class, balancer.pick(random));
            if (chosen.endpoint().spec().instance().equals("new")) met++;
        }
        assertEquals(PICKS * weight / (1 + weight), met, PICKS * 0.02);
    }

    private static EndpointSpec place(String instance) {
        return EndpointSpec.of(instance, "10.0.0.1", 4000);
    }
}
