package io.tulle.it.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Packages that need each other are one package, whatever their folders say. */
class CirclesTest {
    @Test
    void noPackageNeedsOneThatNeedsIt() throws IOException {
        var arrows = new TreeMap<String, Set<String>>();
        for (var each : Compiled.of(Compiled.ROOMS)) {
            for (var named : each.names()) {
                var to = named.substring(0, named.lastIndexOf('/'));
                if (!to.equals(each.packageName()))
                    arrows.computeIfAbsent(each.packageName(), _ -> new TreeSet<>())
                            .add(to);
            }
        }
        assertTrue(arrows.size() > 20, () -> "too few packages were seen: " + arrows.keySet());
        assertEquals(Set.of(), circles(arrows), "move what both need into a package of its own");
    }

    private static Set<Set<String>> circles(Map<String, Set<String>> arrows) {
        var reach = new TreeMap<String, Set<String>>();
        arrows.keySet().forEach(from -> reach.put(from, reachable(from, arrows)));
        var all = new HashSet<Set<String>>();
        reach.forEach((from, to) -> {
            if (!to.contains(from)) return;
            var circle = new TreeSet<String>();
            to.stream()
                    .filter(each -> reach.getOrDefault(each, Set.of()).contains(from))
                    .forEach(circle::add);
            all.add(circle);
        });
        return all;
    }

    private static Set<String> reachable(String from, Map<String, Set<String>> arrows) {
        var seen = new TreeSet<String>();
        var next = new ArrayDeque<>(arrows.getOrDefault(from, Set.of()));
        while (!next.isEmpty()) {
            var each = next.poll();
            if (seen.add(each)) next.addAll(arrows.getOrDefault(each, Set.of()));
        }
        return seen;
    }
}
