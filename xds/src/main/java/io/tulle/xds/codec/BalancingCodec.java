package io.tulle.xds.codec;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.tulle.model.policy.Balancing;
import java.util.Optional;

/** Envoy's lb_policy. */
final class BalancingCodec implements DestinationPolicyCodec<Balancing> {
    @Override
    public Class<Balancing> kind() {
        return Balancing.class;
    }

    @Override
    public void encode(Optional<Balancing> policy, Writing into) {
        into.cluster()
                .setLbPolicy(
                        switch (policy.orElse(Balancing.LEAST_REQUEST)) {
                            case LEAST_REQUEST -> Cluster.LbPolicy.LEAST_REQUEST;
                            case ROUND_ROBIN -> Cluster.LbPolicy.ROUND_ROBIN;
                            case RANDOM -> Cluster.LbPolicy.RANDOM;
                        });
    }

    @Override
    public Optional<Balancing> decode(Source from) {
        return Optional.of(balancing(from.cluster()));
    }

    private static Balancing balancing(Node cluster) {
        return switch (cluster.choice("lb_policy")) {
            case "ROUND_ROBIN" -> Balancing.ROUND_ROBIN;
            case "LEAST_REQUEST" -> Balancing.LEAST_REQUEST;
            case "RANDOM" -> Balancing.RANDOM;
            case "CLUSTER_PROVIDED" -> {
                if (!cluster.choice("type").equals("ORIGINAL_DST")) throw cluster.unsupported("lb_policy");
                yield Balancing.LEAST_REQUEST; // nothing is chosen
            }
            default -> throw cluster.unsupported("lb_policy");
        };
    }
}
