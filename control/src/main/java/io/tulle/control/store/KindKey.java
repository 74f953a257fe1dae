package io.tulle.control.store;

/** A kind in its group ({@code ""} is the core group). */
public record KindKey(String group, String kind) {
    @Override
    public String toString() {
        return group.isEmpty() ? kind : kind + "." + group;
    }
}
