package io.tulle.xds.codec;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.PolicySet;
import java.util.List;
import java.util.Optional;

/**
 * How one kind of destination policy stands in Envoy's Cluster. Each kind has a file of its own; {@code ClientTls} has none,
 * since what is spoken is the cluster's security.
 */
interface DestinationPolicyCodec<P extends DestinationPolicy>
        extends PolicyCodec<DestinationPolicy, P, DestinationPolicyCodec.Writing, DestinationPolicyCodec.Source> {
    /** One line a kind. */
    List<DestinationPolicyCodec<?>> ALL = List.of(new BalancingCodec(), new LimitsCodec(), new OutlierCodec());

    /** A cluster as it is written. */
    record Writing(Cluster.Builder cluster, HttpProtocolOptions.Builder options) {}

    /** A cluster as it is read. */
    record Source(Node cluster, Optional<Node> options) {}

    /** Writes what is asked for towards a cluster. */
    static void encode(PolicySet<DestinationPolicy> policies, Writing into) {
        PolicyCodec.encode(ALL, policies, into);
    }

    /** Reads what is asked for towards a cluster. */
    static PolicySet<DestinationPolicy> decodeAll(Source from) {
        return PolicyCodec.decode(ALL, DestinationPolicy.NONE, from);
    }
}
