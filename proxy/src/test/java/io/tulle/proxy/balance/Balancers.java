package io.tulle.proxy.balance;

import io.tulle.model.policy.Balancing;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Balancers of tests in which time stands still and nothing was before. */
public final class Balancers {
    private Balancers() {}

    public static Balancer of(Balancing balancing, EndpointSet endpoints, RandomGenerator random) {
        return Balancer.of(balancing, endpoints, random, () -> 0, Optional.empty());
    }
}
