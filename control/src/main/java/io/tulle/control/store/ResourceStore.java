package io.tulle.control.store;

import java.util.Optional;

/**
 * The mesh's resources. Laws, kept by one contract test for every implementation: a batch is one step, all or nothing; a
 * commit that returned is durable; versions and revisions only grow, and by one; what changes nothing makes no step;
 * status makes a version but no revision; every reader sees whole commits in their order. Calls block for the disk and
 * throw {@link StoreException} when it fails; a failed write leaves what was there.
 */
public interface ResourceStore extends AutoCloseable {
    Position position();

    Optional<Resource> find(ResourceKey key);

    Listing list(Query query, Page page);

    /** Everything selected, as it is now. */
    default Listing.Found list(Query query) {
        return switch (list(query, Page.ALL)) {
            case Listing.Found found -> found;
            case Listing.Gone _ -> throw new IllegalStateException("the present cannot be gone");
        };
    }

    Commit commit(Batch batch);

    /** What {@link #commit} would answer now, with nothing written. */
    Commit rehearse(Batch batch);

    /** What happened after a version, about {@code limit} steps of it. */
    History after(long version, int limit);

    /** Runs {@code wake} after each commit that changed something, on the writer's thread: it must only signal. */
    Registration onCommit(Runnable wake);

    @Override
    void close();

    /** Ends what was registered. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
