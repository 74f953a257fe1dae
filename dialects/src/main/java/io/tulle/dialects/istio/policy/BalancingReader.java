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
        return balancer.choice(
                "simple",
                Map.of(
                        "LEAST_REQUEST", Balancing.LEAST_REQUEST,
                        "LEAST_CONN", Balancing.LEAST_REQUEST, // Istio's old name for it
                        "UNSPECIFIED", Balancing.LEAST_REQUEST,
                        "ROUND_ROBIN", Balancing.ROUND_ROBIN,
                        "RANDOM", Balancing.RANDOM));
    }
}
