package io.tulle.xds.spec;

import java.util.Set;

/** Who an instance is, for Istio's metric labels: asked for at an instance's first connection. The name is its id. */
public record PeerSpec(String name, String workload, String namespace, String app, String version, String service)
        implements Spec {
    @Override
    public ResourceType type() {
        return ResourceType.PEER;
    }

    @Override
    public Set<Ref> references() {
        return Set.of();
    }
}
