package io.tulle.control.store;

/**
 * What must hold of the stored resource for a change to be made.
 *
 * @param version the version it must have; 0 accepts any
 * @param uid the uid it must have; empty accepts any
 */
public record Guard(Existence existence, long version, String uid) {
    public enum Existence {
        EITHER,
        ABSENT,
        PRESENT
    }

    public static Guard any() {
        return new Guard(Existence.EITHER, 0, "");
    }

    public static Guard absent() {
        return new Guard(Existence.ABSENT, 0, "");
    }

    public static Guard present() {
        return new Guard(Existence.PRESENT, 0, "");
    }

    public static Guard at(long version) {
        return new Guard(Existence.PRESENT, version, "");
    }

    public Guard sameUid(String wanted) {
        return new Guard(existence, version, wanted);
    }
}
