package io.tulle.dialects.istio.policy;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.Durations;
import io.tulle.dialects.field.FieldReader;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.Balancing.Warmup;
import java.util.Map;
import java.util.Optional;

/** {@code loadBalancer}. */
final class BalancingReader implements DestinationPolicyReader {
    @Override
    public Optional<Balancing> read(FieldReader policy) {
        return policy.object("loadBalancer", BalancingReader::balancing).flatMap(found -> found);
    }

    private static Optional<Balancing> balancing(FieldReader balancer) {
        if (balancer.has("simple") && balancer.has("consistentHash")) balancer.oneOf("simple", "consistentHash");
        var simple = simple(balancer);
        var warmup = warmup(balancer);
        var algorithm = balancer.object("consistentHash", ConsistentHash::read)
                .<Balancing.Algorithm>map(hashed -> hashed)
                .or(() -> simple);
        if (algorithm.isEmpty() && warmup.isEmpty()) return Optional.empty();
        var balancing = new Balancing(algorithm.orElse(Balancing.Simple.LEAST_REQUEST), warmup);
        if (warmup.isPresent() && balancing.warmup().isEmpty()) {
            balancer.warning(
                    Codes.NO_EFFECT,
                    balancer.has("warmup") ? "warmup" : "warmupDurationSecs",
                    "changes nothing, here as in Istio: only LEAST_REQUEST and ROUND_ROBIN weigh endpoints",
                    "remove it, or change simple");
        }
        return Optional.of(balancing);
    }

    /** {@code warmup}, which replaced {@code warmupDurationSecs} and goes before it. */
    private static Optional<Warmup> warmup(FieldReader balancer) {
        var older = balancer.duration("warmupDurationSecs", Durations.ISTIO);
        if (older.isPresent()) {
            balancer.warning(
                    Codes.DEPRECATED, "warmupDurationSecs", "is deprecated", "write warmup: {duration: …} instead");
        }
        return balancer.object("warmup", BalancingReader::written)
                .flatMap(found -> found)
                .or(() -> older.map(window -> new Warmup(window, Warmup.USUAL_MINIMUM, 1)));
    }

    private static Optional<Warmup> written(FieldReader warmup) {
        if (!warmup.has("duration")) warmup.missing("duration");
        var window = warmup.duration("duration", Durations.ISTIO);
        var minimum = warmup.number("minimumPercent", 0, 100);
        var aggression = warmup.number("aggression", Double.MIN_VALUE, Double.MAX_VALUE);
        return window.map(time -> new Warmup(time, minimum.orElse(Warmup.USUAL_MINIMUM), aggression.orElse(1.0)));
    }

    private static Optional<Balancing.Simple> simple(FieldReader balancer) {
        return balancer.choice(
                "simple",
                Map.of(
                        "LEAST_REQUEST", Balancing.Simple.LEAST_REQUEST,
                        "LEAST_CONN", Balancing.Simple.LEAST_REQUEST, // Istio's old name for it
                        "UNSPECIFIED", Balancing.Simple.LEAST_REQUEST,
                        "ROUND_ROBIN", Balancing.Simple.ROUND_ROBIN,
                        "RANDOM", Balancing.Simple.RANDOM));
    }
}
