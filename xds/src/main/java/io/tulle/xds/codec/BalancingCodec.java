package io.tulle.xds.codec;

import com.google.protobuf.UInt64Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.Balancing.Maglev;
import io.tulle.model.policy.Balancing.RingHash;
import io.tulle.model.policy.Balancing.Simple;
import java.util.Optional;
import java.util.OptionalLong;

/** Envoy's lb_policy, and the settings of each. */
final class BalancingCodec implements DestinationPolicyCodec<Balancing> {
    @Override
    public Class<Balancing> kind() {
        return Balancing.class;
    }

    @Override
    public void encode(Optional<Balancing> policy, Writing into) {
        var cluster = into.cluster();
        switch (policy.orElse(Balancing.LEAST_REQUEST).algorithm()) {
            case Simple.LEAST_REQUEST -> cluster.setLbPolicy(Cluster.LbPolicy.LEAST_REQUEST);
            case Simple.ROUND_ROBIN -> cluster.setLbPolicy(Cluster.LbPolicy.ROUND_ROBIN);
            case Simple.RANDOM -> cluster.setLbPolicy(Cluster.LbPolicy.RANDOM);
            case RingHash ring -> {
                cluster.setLbPolicy(Cluster.LbPolicy.RING_HASH);
                cluster.getRingHashLbConfigBuilder()
                        .setMinimumRingSize(UInt64Value.of(ring.minimumSize()))
                        .setMaximumRingSize(UInt64Value.of(RingHash.LARGEST));
            }
            case Maglev maglev -> {
                cluster.setLbPolicy(Cluster.LbPolicy.MAGLEV);
                cluster.getMaglevLbConfigBuilder().setTableSize(UInt64Value.of(maglev.tableSize()));
            }
        }
    }

    /** Endpoints of the mesh are known by their instance, so that one that comes back elsewhere is the same in the ring. */
    static void hashByInstance(Cluster.Builder cluster) {
        if (cluster.getLbPolicy() == Cluster.LbPolicy.RING_HASH || cluster.getLbPolicy() == Cluster.LbPolicy.MAGLEV)
            cluster.getCommonLbConfigBuilder()
                    .getConsistentHashingLbConfigBuilder()
                    .setUseHostnameForHashing(true);
    }

    @Override
    public Optional<Balancing> decode(Source from) {
        return Optional.of(balancing(from.cluster()));
    }

    private static Balancing balancing(Node cluster) {
        // an endpoint's own name is what is hashed here wherever no other has it
        cluster.child("common_lb_config")
                .flatMap(common -> common.child("consistent_hashing_lb_config"))
                .ifPresent(hashing -> hashing.ignore("use_hostname_for_hashing"));
        return switch (cluster.choice("lb_policy")) {
            case "ROUND_ROBIN" -> Balancing.ROUND_ROBIN;
            case "LEAST_REQUEST" -> Balancing.LEAST_REQUEST;
            case "RANDOM" -> Balancing.RANDOM;
            case "RING_HASH" -> new Balancing(ring(cluster));
            case "MAGLEV" -> new Balancing(maglev(cluster));
            case "CLUSTER_PROVIDED" -> {
                if (!cluster.choice("type").equals("ORIGINAL_DST")) throw cluster.unsupported("lb_policy");
                yield Balancing.LEAST_REQUEST; // nothing is chosen
            }
            default -> throw cluster.unsupported("lb_policy");
        };
    }

    private static RingHash ring(Node cluster) {
        var config = cluster.child("ring_hash_lb_config");
        config.ifPresent(ring -> {
            if (!ring.choice("hash_function").equals("XX_HASH")) throw ring.unsupported("hash_function");
            ring.ignore("maximum_ring_size"); // what is kept at most is ours to choose
        });
        var least = config.map(ring -> ring.wrappedLong("minimum_ring_size")).orElse(OptionalLong.empty());
        return new RingHash(Optional.empty(), Math.clamp(least.orElse(RingHash.USUAL_SIZE), 1, RingHash.LARGEST));
    }

    private static Maglev maglev(Node cluster) {
        var config = cluster.child("maglev_lb_config");
        var size = config.map(maglev -> maglev.wrappedLong("table_size")).orElse(OptionalLong.empty());
        if (size.isEmpty()) return new Maglev(Optional.empty(), Maglev.USUAL_SIZE);
        var places = size.getAsLong();
        if (places < 2 || places > Maglev.LARGEST || !Maglev.isPrime((int) places))
            throw config.orElse(cluster).invalid("table_size", "is no prime number up to 5,000,011");
        return new Maglev(Optional.empty(), (int) places);
    }
}
