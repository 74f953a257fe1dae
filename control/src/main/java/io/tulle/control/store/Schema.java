package io.tulle.control.store;

import java.util.List;

/**
 * The tables of one owner, as the steps that make them. A step that was ever released is never edited: append.
 *
 * @param owner names the owner in the file's own list of schema versions
 * @param steps step <i>n</i> takes the tables from version <i>n</i> to <i>n</i> + 1; each is one or more statements
 */
public record Schema(String owner, List<List<String>> steps) {
    public Schema {
        steps = steps.stream().map(List::copyOf).toList();
    }
}
