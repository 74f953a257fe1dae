package io.tulle.compile;

import io.tulle.model.Protocol;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.xds.spec.ClusterSpec;
import java.util.List;

/** The cluster that stands for a backend that does not exist: what is sent there is refused, with the reason. */
final class Nowhere {
    static final String NAME = "nowhere";

    static final ClusterSpec CLUSTER = new ClusterSpec(
            NAME,
            NAME,
            new ClusterSpec.Source.Fixed(List.of()),
            Protocol.HTTP,
            new ClusterSpec.Security.Plaintext(),
            DestinationPolicy.NONE);

    private Nowhere() {}
}
