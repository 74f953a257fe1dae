package io.tulle.xds.codec;

import com.google.protobuf.UInt64Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.SlowStartConfig;
import io.envoyproxy.envoy.config.core.v3.RuntimeDouble;
import io.envoyproxy.envoy.type.v3.Percent;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.Balancing.Maglev;
import io.tulle.model.policy.Balancing.RingHash;
import io.tulle.model.policy.Balancing.Simple;
import io.tulle.model.policy.Balancing.Warmup;
import java.util.Optional;
import java.util.OptionalLong;

/** Envoy's lb_policy, and the settings of each. */
final class BalancingCodec implements DestinationPolicyCodec<Balancing> {
    /** Envoy wants one for each number that a runtime may change. */
    private static final String AGGRESSION = "tulle.slow_start.aggression";

    @Override
    public Class<Balancing> kind() {
        return Balancing.class;
    }

    @Override
    public void encode(Optional<Balancing> policy, Writing into) {
        var cluster = into.cluster();
        var warmup = policy.flatMap(Balancing::warmup);
        switch (policy.orElse(Balancing.LEAST_REQUEST).algorithm()) {
            case Simple.LEAST_REQUEST -> {
                cluster.setLbPolicy(Cluster.LbPolicy.LEAST_REQUEST);
                warmup.ifPresent(
                        slow -> cluster.getLeastRequestLbConfigBuilder().setSlowStartConfig(slowStart(slow)));
            }
            case Simple.ROUND_ROBIN -> {
                cluster.setLbPolicy(Cluster.LbPolicy.ROUND_ROBIN);
                warmup.ifPresent(slow -> cluster.getRoundRobinLbConfigBuilder().setSlowStartConfig(slowStart(slow)));
            }
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

    private static SlowStartConfig slowStart(Warmup warmup) {
        return SlowStartConfig.newBuilder()
                .setSlowStartWindow(Wellknown.duration(warmup.window()))
                .setAggression(RuntimeDouble.newBuilder()
                        .setDefaultValue(warmup.aggression())
                        .setRuntimeKey(AGGRESSION))
                .setMinWeightPercent(Percent.newBuilder().setValue(warmup.minimumPercent()))
                .build();
    }

    private static Optional<Warmup> warmup(Node cluster, String config) {
        return cluster.child(config)
                .flatMap(settings -> settings.child("slow_start_config"))
                .flatMap(slow -> {
                    var window = slow.duration("slow_start_window").filter(time -> !time.isZero());
                    var aggression = slow.child("aggression").map(value -> {
                        value.ignore("runtime_key"); // there is no runtime here that could say another
                        return value.real("default_value");
                    });
                    var minimum = slow.child("min_weight_percent").map(percent -> percent.real("value"));
                    return window.map(
                            time -> new Warmup(time, minimum.orElse(Warmup.USUAL_MINIMUM), aggression.orElse(1.0)));
                });
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
            case "ROUND_ROBIN" -> new Balancing(Simple.ROUND_ROBIN, warmup(cluster, "round_robin_lb_config"));
            case "LEAST_REQUEST" -> new Balancing(Simple.LEAST_REQUEST, warmup(cluster, "least_request_lb_config"));
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
