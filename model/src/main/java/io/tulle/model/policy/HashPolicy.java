package io.tulle.model.policy;

import java.util.List;

/**
 * What of a route's requests decides where they go, for those of its clusters that choose by a hash. Nobody writes it: it is what the
 * destinations of the route ask for, and is said with the route since only there the request is read (Envoy's hash_policy).
 */
public record HashPolicy(List<HashKey> keys) implements RoutePolicy {
    public HashPolicy {
        keys = List.copyOf(keys);
        if (keys.isEmpty()) throw new IllegalArgumentException("nothing to hash");
    }
}
