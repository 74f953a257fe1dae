package io.tulle.proxy.balance;

import io.tulle.model.policy.Balancing;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Chooses endpoints for one cluster of one plan. Safe from any event loop; the only thing that loops share is, for round
 * robin, whose turn it is. The first choice for a request allocates nothing.
 */
public final class Balancer {
    private final Balancing balancing;
    private final EndpointSet endpoints;
    private final AtomicLong turn;

    private Balancer(Balancing balancing, EndpointSet endpoints, long firstTurn) {
        this.balancing = balancing;
        this.endpoints = endpoints;
        this.turn = new AtomicLong(firstTurn);
    }

    /** @param random where round robin begins, so that a thousand sidecars with the same plan do not go in step */
    public static Balancer of(Balancing balancing, EndpointSet endpoints, RandomGenerator random) {
        return new Balancer(balancing, endpoints, random.nextInt(Integer.MAX_VALUE));
    }

    public EndpointSet endpoints() {
        return endpoints;
    }

    /** For a first attempt. The caller counts the request at the endpoint's state. */
    public Pick pick(RandomGenerator random) {
        return pick(List.of(), random);
    }

    /** @param tried endpoints that this request has been to; avoided as long as there is any other */
    public Pick pick(List<Endpoint> tried, RandomGenerator random) {
        var choices = endpoints.choices();
        var tier = tried.isEmpty() ? choices.best() : choices.bestBeyond(tried);
        if (tier.isEmpty()) return choices.none();
        if (tier.size() == 1) return tier.at(0);
        return tier.at(
                switch (balancing) {
                    case ROUND_ROBIN -> tier.holder(tier.unitOfTurn(turn.getAndIncrement()));
                    case RANDOM -> anyOf(tier, random);
                    case LEAST_REQUEST -> lessBusyOfTwo(tier, random);
                });
    }

    private static int anyOf(Tier tier, RandomGenerator random) {
        return tier.holder(random.nextLong(tier.units()));
    }

    /**
     * Two random choices (Envoy's least request with choice_count 2): of two endpoints the one with fewer requests in
     * flight for its weight; of two alike the first drawn, so that idle endpoints share in proportion to their weights.
     */
    private static int lessBusyOfTwo(Tier tier, RandomGenerator random) {
        var one = anyOf(tier, random);
        var other = anotherThan(one, tier, random);
        var busyOne = tier.at(one).endpoint().state().active() * tier.weight(other);
        var busyOther = tier.at(other).endpoint().state().active() * tier.weight(one);
        return busyOther < busyOne ? other : one;
    }

    private static int anotherThan(int one, Tier tier, RandomGenerator random) {
        if (tier.isEven()) {
            var other = random.nextInt(tier.size() - 1);
            return other < one ? other : other + 1;
        }
        var other = anyOf(tier, random); // one that outweighs the rest may be drawn twice: then it is simply chosen
        return other == one ? anyOf(tier, random) : other;
    }
}
