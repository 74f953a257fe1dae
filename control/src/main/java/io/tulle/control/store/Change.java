package io.tulle.control.store;

/** One wish within a batch. */
public sealed interface Change {
    ResourceKey key();

    Guard guard();

    /** Declare: created if missing (and the guard allows it), else replaced; the status stays. */
    record Put(ResourceKey key, Manifest manifest, Guard guard) implements Change {}

    /** Report status: never a new generation or revision, but a new version. The resource must exist. */
    record Report(ResourceKey key, String status, Guard guard) implements Change {}

    /** Remove. The resource must exist. */
    record Delete(ResourceKey key, Guard guard) implements Change {}
}
