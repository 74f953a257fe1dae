package io.tulle.model.policy;

import java.util.Optional;
import java.util.OptionalInt;

/** Where a policy sends something: as somebody wrote it, or as a proxy hears it. */
public sealed interface Towards {
    /**
     * As written.
     *
     * @param host the service, resolved against the resource's namespace ({@code catalog.shop.tulle}), or an external host
     * @param port empty means the port that was dialled, or the only one
     * @param subset a subset of the host's DestinationRule
     */
    record Written(String host, OptionalInt port, Optional<String> subset) implements Towards {}

    /** A cluster, by its name. */
    record Cluster(String name) implements Towards {
        public Cluster {
            if (name.isEmpty()) throw new IllegalArgumentException("a destination names no cluster");
        }
    }
}
