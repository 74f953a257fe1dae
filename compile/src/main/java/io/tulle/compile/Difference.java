package io.tulle.compile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What left a list and what came into it. What did not change is the same object mostly, so that finding out is cheap. */
record Difference<T>(List<T> gone, List<T> come) {

    static <T> Difference<T> of(List<T> before, List<T> after) {
        int start = 0;
        var shorter = Math.min(before.size(), after.size());
        while (start < shorter && before.get(start).equals(after.get(start))) start++;
        int end = 0;
        while (end < shorter - start && before.get(before.size() - 1 - end).equals(after.get(after.size() - 1 - end)))
            end++;
        return of(before, after, start, end);
    }

    /** Between two ends that are equal: an object that is in both has neither gone nor come. */
    private static <T> Difference<T> of(List<T> before, List<T> after, int start, int end) {
        var then = before.subList(start, before.size() - end);
        var now = after.subList(start, after.size() - end);
        return new Difference<>(without(then, now), without(now, then));
    }

    private static <T> List<T> without(List<T> all, List<T> others) {
        Set<T> same = Collections.newSetFromMap(new IdentityHashMap<>());
        same.addAll(others);
        var rest = new ArrayList<T>();
        for (var each : all) {
            if (!same.contains(each)) rest.add(each);
        }
        return rest;
    }

    boolean isNothing() {
        return gone.isEmpty() && come.isEmpty();
    }

    /** Both, for whom it does not matter which. */
    List<T> all() {
        var all = new ArrayList<>(gone);
        all.addAll(come);
        return all;
    }

    /** The keys whose values differ, and those that only one has. */
    static <K, V> Set<K> keys(Map<K, V> before, Map<K, V> after) {
        var keys = new HashSet<K>();
        before.forEach((key, value) -> {
            if (!value.equals(after.get(key))) keys.add(key);
        });
        if (before.size() == after.size() && keys.isEmpty()) return keys;
        after.keySet().stream().filter(key -> !before.containsKey(key)).forEach(keys::add);
        return keys;
    }
}
