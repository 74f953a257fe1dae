package io.tulle.xds.spec;

import java.util.List;
import java.util.Set;

/** The roots that a trust domain's certificates must lead to, as PEM; one secret with a validation context on the wire. */
public record TrustSpec(String name, String trustDomain, List<String> roots) implements Spec {
    public TrustSpec {
        roots = List.copyOf(roots);
    }

    @Override
    public ResourceType type() {
        return ResourceType.SECRET;
    }

    @Override
    public Set<Ref> references() {
        return Set.of();
    }
}
