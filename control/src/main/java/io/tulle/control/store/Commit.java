package io.tulle.control.store;

import java.util.List;

/** How a batch went: all of it, or none of it with every reason. */
public sealed interface Commit {
    /** @param effects one for each change, in the batch's order; all unchanged leaves the position where it was */
    record Done(Position at, List<Effect> effects) implements Commit {
        public Done {
            effects = List.copyOf(effects);
        }
    }

    record Refused(List<Conflict> conflicts) implements Commit {
        public Refused {
            conflicts = List.copyOf(conflicts);
        }
    }

    /** Why a batch cannot be made now. */
    sealed interface Conflict {
        /** It was to be created and is there. */
        record Exists(ResourceKey key) implements Conflict {}

        /** It was to be there and is not. */
        record Missing(ResourceKey key) implements Conflict {}

        /** Somebody wrote it since it was read. */
        record Stale(ResourceKey key, long expected, long actual) implements Conflict {}

        /** It was deleted and made anew since it was read. */
        record Reborn(ResourceKey key, String expected, String actual) implements Conflict {}

        /** The store as a whole has moved on. */
        record Moved(long expected, long actual) implements Conflict {}
    }
}
