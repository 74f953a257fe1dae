package io.tulle.control.store;

/**
 * Where a store stands. {@code version} counts every write that changed something, {@code revision} those that changed
 * what was declared: it is the number that people see, and the World is a fold of it.
 */
public record Position(long version, long revision) {
    static final Position START = new Position(0, 0);

    Position afterContent() {
        return new Position(version + 1, revision + 1);
    }

    Position afterStatus() {
        return new Position(version + 1, revision);
    }
}
