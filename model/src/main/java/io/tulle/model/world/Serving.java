package io.tulle.model.world;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which of its ports an instance's application serves at the moment, as the kernel, the hook or its health check says it.
 *
 * @param closed declared ports at which the application does not listen, or all while it is unwell: they get no traffic
 * @param elsewhere ports at which it listens and that it did not declare; told when a declared one stays closed
 * @param isUnwell whether its ports are closed because its health check does not pass, though it listens on some
 */
public record Serving(SortedSet<Integer> closed, SortedSet<Integer> elsewhere, boolean isUnwell) {
    /** Every declared port is served. */
    public static final Serving ALL = of(List.of(), List.of());

    private static final int MOST_ELSEWHERE = 64;

    public Serving {
        closed = Collections.unmodifiableSortedSet(new TreeSet<>(closed));
        elsewhere = Collections.unmodifiableSortedSet(new TreeSet<>(elsewhere));
    }

    public static Serving of(Collection<Integer> closed, Collection<Integer> elsewhere) {
        return new Serving(new TreeSet<>(closed), new TreeSet<>(elsewhere), false);
    }

    /** The same, because of its health check or not. */
    public Serving unwell(boolean now) {
        return new Serving(closed, elsewhere, now);
    }

    /** Of what is said only what can be: closed are declared ports, the others are none of them and few. */
    Serving among(List<ServicePort> declared) {
        var ports = declared.stream().map(ServicePort::port).toList();
        return of(
                        closed.stream().filter(ports::contains).toList(),
                        elsewhere.stream()
                                .filter(port -> port >= 1 && port <= 65535 && !ports.contains(port))
                                .limit(MOST_ELSEWHERE)
                                .toList())
                .unwell(isUnwell);
    }

    /** Nothing is served yet. */
    public static Serving nothing(List<ServicePort> declared) {
        return of(declared.stream().map(ServicePort::port).toList(), List.of());
    }
}
