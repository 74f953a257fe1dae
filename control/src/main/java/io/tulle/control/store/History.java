package io.tulle.control.store;

import java.util.List;

/** What happened after a version. */
public sealed interface History {
    /**
     * @param effects in the order in which they happened; a commit is never cut in two
     * @param upTo ask again from this version
     */
    record Steps(List<Effect> effects, long upTo) implements History {
        public Steps {
            effects = List.copyOf(effects);
        }
    }

    /** That far back is forgotten: list anew and watch from there (410 in the API). */
    record Gone(long oldest) implements History {}

    /** The store has not come that far: the version is another store's. */
    record Ahead(long latest) implements History {}
}
