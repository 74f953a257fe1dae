package io.tulle.control.store;

import java.util.Optional;

/** What a change did: the answer to a commit, and (never {@link Unchanged}) the step that a watcher sees. */
public sealed interface Effect {
    /** The state after it; of a deletion the last state, at the deletion's version. */
    Resource resource();

    record Created(Resource resource) implements Effect {}

    record Changed(Resource before, Resource resource) implements Effect {
        /** False when only the status moved, which no proxy's configuration depends on. */
        public boolean declared() {
            return before.revision() != resource.revision();
        }
    }

    record Unchanged(Resource resource) implements Effect {}

    record Deleted(Resource resource) implements Effect {}

    /** This step as one sees it who watches only what the query selects: entering is creation, leaving is deletion. */
    default Optional<Effect> seenBy(Query query) {
        return switch (this) {
            case Created(var after) -> query.selects(after) ? Optional.of(this) : Optional.empty();
            case Deleted(var last) -> query.selects(last) ? Optional.of(this) : Optional.empty();
            case Unchanged _ -> Optional.empty();
            case Changed(var before, var after) -> {
                var was = query.selects(before);
                var is = query.selects(after);
                if (was && is) yield Optional.of(this);
                if (is) yield Optional.of(new Created(after));
                yield was ? Optional.of(new Deleted(after)) : Optional.empty();
            }
        };
    }
}
