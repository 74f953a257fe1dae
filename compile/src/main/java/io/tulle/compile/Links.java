package io.tulle.compile;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which hosts' rules lead to which others, to be asked both ways. */
record Links(Map<String, Set<String>> from, Map<String, Set<String>> to) {
    static final Links NONE = new Links(Map.of(), Map.of());

    /** The hosts whose rules name one. */
    Set<String> leadingTo(String host) {
        return to.getOrDefault(host, Set.of());
    }

    /** The same after some hosts' rules were compiled anew; those that name nobody are no link. */
    Links with(Map<String, Set<String>> compiled) {
        var forward = new HashMap<>(from);
        var back = new HashMap<>(to);
        compiled.forEach((host, named) -> {
            if (named.equals(forward.getOrDefault(host, Set.of()))) return;
            forward.getOrDefault(host, Set.of()).forEach(old -> change(back, old, host, false));
            named.forEach(now -> change(back, now, host, true));
            if (named.isEmpty()) forward.remove(host);
            else forward.put(host, Set.copyOf(named));
        });
        return new Links(forward, back);
    }

    private static void change(Map<String, Set<String>> back, String to, String from, boolean isThere) {
        var all = new HashSet<>(back.getOrDefault(to, Set.of()));
        if (isThere) all.add(from);
        else all.remove(from);
        if (all.isEmpty()) back.remove(to);
        else back.put(to, Collections.unmodifiableSet(all));
    }
}
