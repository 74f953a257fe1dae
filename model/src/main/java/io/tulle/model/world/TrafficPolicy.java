package io.tulle.model.world;

import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.OutlierPolicy;
import java.util.Optional;

/**
 * How clients treat a destination. An empty part is not said here; a more specific policy replaces whole parts of a more
 * general one, as Istio does (port level over subset over destination).
 */
public record TrafficPolicy(
        Optional<Balancing> balancing,
        Optional<ConnectionLimits> limits,
        Optional<OutlierPolicy> outliers,
        Optional<ClientTls> tls) {
    public static final TrafficPolicy NONE =
            new TrafficPolicy(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** This policy, with the parts that the more specific one says replaced. */
    public TrafficPolicy overriddenBy(TrafficPolicy specific) {
        return new TrafficPolicy(
                specific.balancing.or(() -> balancing),
                specific.limits.or(() -> limits),
                specific.outliers.or(() -> outliers),
                specific.tls.or(() -> tls));
    }

    /** What a client speaks towards the destination (Istio ClientTLSSettings.mode, the modes in use). */
    public enum ClientTls {
        /** Plaintext, said in so many words. */
        DISABLE,
        /** Mutual TLS with the mesh's own certificates. */
        MESH
    }
}
