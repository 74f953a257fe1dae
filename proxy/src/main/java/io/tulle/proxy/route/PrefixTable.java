package io.tulle.proxy.route;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;

/** A hash table from prefixes to entries that is asked with a piece of a longer string, without cutting it out. */
final class PrefixTable {
    private static final int[] NOBODY = {};

    private final String[] keys; // open addressing, half empty; "" marks a free place
    private final int[][] values;
    private final BitSet lengths = new BitSet();

    private PrefixTable(int size) {
        keys = new String[size];
        values = new int[size][];
        Arrays.fill(keys, "");
    }

    static PrefixTable compile(Map<String, int[]> prefixes) {
        var table = new PrefixTable(Integer.highestOneBit(Math.max(prefixes.size(), 1)) * 4);
        prefixes.forEach(table::put);
        return table;
    }

    int longest() {
        return lengths.length() - 1;
    }

    boolean hasLength(int length) {
        return lengths.get(length);
    }

    /** @param hash of the first {@code length} characters, as {@link String#hashCode()} defines it */
    int[] of(String path, int length, int hash) {
        for (int at = place(hash); !keys[at].isEmpty(); at = (at + 1) & (keys.length - 1)) {
            if (keys[at].length() == length && path.startsWith(keys[at])) return values[at];
        }
        return NOBODY;
    }

    private void put(String prefix, int[] entries) {
        int at = place(prefix.hashCode());
        while (!keys[at].isEmpty()) at = (at + 1) & (keys.length - 1);
        keys[at] = prefix;
        values[at] = entries;
        lengths.set(prefix.length());
    }

    private int place(int hash) {
        return (hash ^ (hash >>> 16)) & (keys.length - 1);
    }
}
