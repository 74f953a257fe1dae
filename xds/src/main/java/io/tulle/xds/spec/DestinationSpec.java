package io.tulle.xds.spec;

import java.util.Set;

/**
 * The answer to a client that asked for a destination.
 *
 * @param name the canonical host
 * @param exists whether all of it has been sent; not, when there is nothing of this name that the client may see
 */
public record DestinationSpec(String name, boolean exists) implements Spec {
    public DestinationSpec {
        if (name.isEmpty()) throw new IllegalArgumentException("a destination without a host");
    }

    @Override
    public ResourceType type() {
        return ResourceType.DESTINATION;
    }

    @Override
    public Set<Ref> references() {
        return Set.of();
    }
}
