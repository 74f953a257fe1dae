package io.tulle.proxy.route;

import io.tulle.model.match.PathMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the first of many entries that accepts a path, asking only those that can. Exact paths stand in a map;
 * prefixes in a table that is probed once for each length of prefix there is, while the path's hash is computed
 * character by character (so nothing is cut out of the path); all others are always asked. Each list is in the order of
 * the entries and is left as soon as it cannot hold an earlier one: so the first entry wins as if all had been asked.
 */
final class PathIndex {
    private static final int[] NOBODY = {};

    private final Map<String, int[]> exact;
    private final PrefixTable prefixes;
    private final int[] others;
    private final List<RequestTest> tests;

    private PathIndex(Map<String, int[]> exact, PrefixTable prefixes, int[] others, List<RequestTest> tests) {
        this.tests = List.copyOf(tests);
        this.exact = exact;
        this.prefixes = prefixes;
        this.others = others;
    }

    /**
     * @param tests of each entry, in order: all its conditions, the path's among them
     * @param paths of each entry; empty where the index can say nothing and the entry must always be asked
     */
    static PathIndex compile(List<RequestTest> tests, List<Optional<PathMatch>> paths) {
        var exact = new HashMap<String, List<Integer>>();
        var prefixes = new HashMap<String, List<Integer>>();
        var others = new ArrayList<Integer>();
        for (int i = 0; i < paths.size(); i++) {
            var list = paths.get(i).isEmpty() ? others : listFor(paths.get(i).get(), exact, prefixes, others);
            list.add(i);
        }
        return new PathIndex(arrays(exact), PrefixTable.compile(arrays(prefixes)), array(others), tests);
    }

    /** The lowest entry that accepts the request; -1 when there is none. */
    int first(RequestFacts request) {
        var path = request.path();
        var best = scan(exact.getOrDefault(path, NOBODY), Integer.MAX_VALUE, request);
        best = scan(others, best, request);
        int hash = 0;
        for (int length = 1; length <= path.length() && length <= prefixes.longest(); length++) {
            hash = 31 * hash + path.charAt(length - 1);
            if (prefixes.hasLength(length)) {
                best = scan(prefixes.of(path, length, hash), best, request);
            }
        }
        return best == Integer.MAX_VALUE ? -1 : best;
    }

    private int scan(int[] list, int best, RequestFacts request) {
        for (int entry : list) {
            if (entry >= best) return best;
            if (tests.get(entry).accepts(request)) return entry;
        }
        return best;
    }

    private static List<Integer> listFor(
            PathMatch match,
            Map<String, List<Integer>> exact,
            Map<String, List<Integer>> prefixes,
            List<Integer> others) {
        return switch (match) {
            case PathMatch.Exact(var path) -> exact.computeIfAbsent(path, _ -> new ArrayList<>());
            case PathMatch.Prefix(var path)
            when path.length() > 1 -> prefixes.computeIfAbsent(path, _ -> new ArrayList<>());
            case PathMatch.StringPrefix(var prefix)
            when !prefix.isEmpty() -> prefixes.computeIfAbsent(prefix, _ -> new ArrayList<>());
            case PathMatch.Prefix _, PathMatch.StringPrefix _, PathMatch.StringSuffix _, PathMatch.Regex _ -> others;
        };
    }

    private static Map<String, int[]> arrays(Map<String, List<Integer>> lists) {
        var all = new HashMap<String, int[]>();
        lists.forEach((path, list) -> all.put(path, array(list)));
        return all;
    }

    private static int[] array(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }
}
