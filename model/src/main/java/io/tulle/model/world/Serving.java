package io.tulle.model.world;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which of its ports an instance's application serves at the moment, as the kernel or the hook says it.
 *
 * @param closed declared ports at which the application does not listen: they get no traffic
 * @param elsewhere ports at which it listens and that it did not declare; told when a declared one stays closed
 */
public record Serving(SortedSet<Integer> closed, SortedSet<Integer> elsewhere) {
    /** Every declared port is served. */
    public static final Serving ALL = new Serving(Collections.emptySortedSet(), Collections.emptySortedSet());

    private static final int MOST_ELSEWHERE = 64;

    public Serving {
        closed = Collections.unmodifiableSortedSet(new TreeSet<>(closed));
        elsewhere = Collections.unmodifiableSortedSet(new TreeSet<>(elsewhere));
    }

    public static Serving of(Collection<Integer> closed, Collection<Integer> elsewhere) {
        return new Serving(new TreeSet<>(closed), new TreeSet<>(elsewhere));
    }

    /** Of what is said only what can be: closed are declared ports, the others are none of them and few. */
    Serving among(List<ServicePort> declared) {
        var ports = declared.stream().map(ServicePort::port).toList();
        return of(
                closed.stream().filter(ports::contains).toList(),
                elsewhere.stream()
                        .filter(port -> port >= 1 && port <= 65535 && !ports.contains(port))
                        .limit(MOST_ELSEWHERE)
                        .toList());
    }

    /** Nothing is served yet. */
    public static Serving nothing(List<ServicePort> declared) {
        return of(declared.stream().map(ServicePort::port).toList(), List.of());
    }
}
