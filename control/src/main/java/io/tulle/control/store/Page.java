package io.tulle.control.store;

/**
 * Which part of a list is wanted.
 *
 * @param limit at most so many; 0 for all
 * @param after the name after which to begin: empty from the start, else as {@link Listing.Found#next} gave it
 * @param version the state to read, 0 for the latest: all pages of one list show one moment
 */
public record Page(int limit, String after, long version) {
    public static final Page ALL = new Page(0, "", 0);

    public static Page first(int limit) {
        return new Page(limit, "", 0);
    }
}
