package io.tulle.proxy.balance;

import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.Balancing.Simple;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Chooses endpoints for one cluster of one plan. Safe from any event loop; the only thing that loops share is, for round
 * robin, whose turn it is. The first choice for a request allocates nothing.
 */
public final class Balancer {
    /** So often a cold one is passed over for another. */
    private static final int MOST_DRAWS = 64;

    private final Balancing.Algorithm algorithm;
    private final EndpointSet endpoints;
    private final AtomicLong turn;
    private final Optional<Circle> circle;
    private final Optional<Warmth> warmth;

    private Balancer(
            Balancing.Algorithm algorithm,
            EndpointSet endpoints,
            AtomicLong turn,
            Optional<Circle> circle,
            Optional<Warmth> warmth) {
        this.algorithm = algorithm;
        this.endpoints = endpoints;
        this.turn = turn;
        this.circle = circle;
        this.warmth = warmth;
    }

    /**
     * @param random where round robin begins, so that a thousand sidecars with the same plan do not go in step
     * @param nanos the time, of which only differences mean anything; asked where endpoints warm up
     * @param before the same cluster's in the plan before: what was made of the same endpoints is not made again
     */
    public static Balancer of(
            Balancing balancing,
            EndpointSet endpoints,
            RandomGenerator random,
            LongSupplier nanos,
            Optional<Balancer> before) {
        var algorithm = balancing.algorithm();
        var turn = new AtomicLong(random.nextInt(Integer.MAX_VALUE));
        if (!(algorithm instanceof Balancing.Hashed hashed))
            return new Balancer(
                    algorithm,
                    endpoints,
                    turn,
                    Optional.empty(),
                    balancing.warmup().map(warmup -> Warmth.of(warmup, nanos)));
        var members = Circle.Member.of(endpoints);
        var circle = before.filter(old -> old.algorithm.equals(algorithm))
                .flatMap(Balancer::circle)
                .filter(old -> old.members().equals(members))
                .orElseGet(() -> Circle.of(hashed, members));
        return new Balancer(algorithm, endpoints, turn, Optional.of(circle), Optional.empty());
    }

    public EndpointSet endpoints() {
        return endpoints;
    }

    Optional<Circle> circle() {
        return circle;
    }

    /** Whether equal requests go to one endpoint: {@link #pick(long, List)} is to be asked. */
    public boolean isHashed() {
        return circle.isPresent();
    }

    /** For a first attempt. The caller counts the request at the endpoint's state. */
    public Pick pick(RandomGenerator random) {
        return pick(List.of(), random);
    }

    /** @param tried endpoints that this request has been to; avoided as long as there is any other */
    public Pick pick(List<Endpoint> tried, RandomGenerator random) {
        if (circle.isPresent()) return pick(random.nextLong(), tried);
        var choices = endpoints.choices();
        var tier = tier(choices, tried);
        if (tier.isEmpty()) return choices.none();
        if (tier.size() == 1) return tier.at(0);
        if (warmth.isPresent()) return tier.at(warm(tier, warmth.get(), random));
        return tier.at(
                switch (algorithm) {
                    case Simple.ROUND_ROBIN -> tier.holder(tier.unitOfTurn(turn.getAndIncrement()));
                    case Simple.RANDOM -> anyOf(tier, random);
                    case Simple.LEAST_REQUEST -> lessBusyOfTwo(tier, random);
                    case Balancing.Hashed _ -> throw new IllegalStateException("a hash without a circle");
                });
    }

    /** For a request of this hash: always the same one, while it may be chosen and was not tried; else the next. */
    public Pick pick(long hash, List<Endpoint> tried) {
        var choices = endpoints.choices();
        var tier = tier(choices, tried);
        if (tier.isEmpty()) return choices.none();
        if (tier.size() == 1) return tier.at(0);
        return tier.at(circle.orElseThrow().find(hash, tier));
    }

    private static Tier tier(Choices choices, List<Endpoint> tried) {
        return tried.isEmpty() ? choices.best() : choices.bestBeyond(tried);
    }

    /** By what each has of its weight at this moment: what is drawn by its whole weight is taken as often as that is. */
    private int warm(Tier tier, Warmth warmth, RandomGenerator random) {
        var one = warmer(tier, warmth, random);
        if (algorithm == Simple.ROUND_ROBIN) return one;
        var other = warmer(tier, warmth, random);
        if (other == one) other = warmer(tier, warmth, random);
        var busyOne = tier.at(one).endpoint().state().active() * weight(tier, other, warmth);
        var busyOther = tier.at(other).endpoint().state().active() * weight(tier, one, warmth);
        return busyOther < busyOne ? other : one;
    }

    private static double weight(Tier tier, int index, Warmth warmth) {
        return tier.weight(index) * warmth.of(tier.at(index).endpoint().state());
    }

    private int warmer(Tier tier, Warmth warmth, RandomGenerator random) {
        int drawn = draw(tier, random);
        for (int i = 0; i < MOST_DRAWS; i++) {
            if (warmth.takes(tier.at(drawn).endpoint().state(), random)) return drawn;
            drawn = draw(tier, random);
        }
        return drawn; // all of them are cold
    }

    private int draw(Tier tier, RandomGenerator random) {
        return algorithm == Simple.ROUND_ROBIN
                ? tier.holder(tier.unitOfTurn(turn.getAndIncrement()))
                : anyOf(tier, random);
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
