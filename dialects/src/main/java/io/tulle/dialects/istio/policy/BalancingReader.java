package io.tulle.dialects.istio.policy;

import io.tulle.dialects.field.FieldReader;
import io.tulle.model.policy.Balancing;
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
        return balancer.object("consistentHash", ConsistentHash::read)
                .<Balancing.Algorithm>map(hashed -> hashed)
                .or(() -> simple)
                .map(Balancing::new);
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
