package io.tulle.control.store;

import java.util.List;

/** What was there at one moment. */
public sealed interface Listing {
    /**
     * Sorted by key.
     *
     * @param next where the next page begins, empty at the end
     */
    record Found(Position at, List<Resource> resources, String next) implements Listing {
        public Found {
            resources = List.copyOf(resources);
        }
    }

    /** The moment asked for is forgotten. */
    record Gone(long oldest) implements Listing {}
}
