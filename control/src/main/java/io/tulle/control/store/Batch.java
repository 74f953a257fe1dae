package io.tulle.control.store;

import java.util.HashSet;
import java.util.List;

/**
 * Changes that happen together or not at all.
 *
 * @param expectedRevision the revision that the store must be at; {@link #ANY} accepts every one
 */
public record Batch(List<Change> changes, long expectedRevision) {
    public static final long ANY = -1;

    public Batch {
        changes = List.copyOf(changes);
        var seen = new HashSet<ResourceKey>();
        for (var change : changes) {
            if (!seen.add(change.key())) throw new IllegalArgumentException(change.key() + " is changed twice");
        }
    }

    public static Batch of(Change... changes) {
        return new Batch(List.of(changes), ANY);
    }

    public static Batch of(List<Change> changes) {
        return new Batch(changes, ANY);
    }

    public Batch onlyAt(long revision) {
        return new Batch(changes, revision);
    }
}
