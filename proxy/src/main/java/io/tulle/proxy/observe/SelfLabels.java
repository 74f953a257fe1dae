package io.tulle.proxy.observe;

import io.tulle.model.SpiffeId;
import java.util.Optional;

/**
 * Who this sidecar speaks for, in its metrics and traces. What is empty is shown as {@code unknown}.
 *
 * @param host the service's canonical host, {@code cart.shop.tulle}
 * @param mesh the mesh's name, Istio's {@code cluster}
 */
public record SelfLabels(
        String workload,
        String namespace,
        String app,
        String version,
        String host,
        String mesh,
        String instance,
        Optional<SpiffeId> identity) {
    /** A proxy of which nothing is known. */
    public static final SelfLabels UNKNOWN = new SelfLabels("", "", "", "", "", "", "", Optional.empty());
}
