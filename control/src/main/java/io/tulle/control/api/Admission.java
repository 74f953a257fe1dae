package io.tulle.control.api;

import io.tulle.control.store.ResourceKey;
import io.tulle.model.Problem;
import java.util.List;

/** Asked before each commit (and each dry run): an error refuses it whole, a warning is told to the caller. */
@FunctionalInterface
public interface Admission {
    List<Problem> check(Proposal proposal);

    /** Takes everything: for tests, and for a store that others judge. */
    static Admission open() {
        return _ -> List.of();
    }

    /** What would happen in one commit. */
    record Proposal(List<Candidate> candidates, List<ResourceKey> deletions) {
        public Proposal {
            candidates = List.copyOf(candidates);
            deletions = List.copyOf(deletions);
        }
    }

    /** @param document the whole document as canonical JSON, without status and without what the server manages */
    record Candidate(ServedKind kind, ResourceKey key, String document) {}
}
