package io.tulle.model.world;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The namespaces whose clients see something (Istio's exportTo).
 *
 * @param everywhere whether all do; {@code namespaces} is empty then
 */
public record Visibility(boolean everywhere, SortedSet<String> namespaces) {
    public static final Visibility EVERYWHERE = new Visibility(true, Collections.emptySortedSet());

    public Visibility {
        namespaces = Collections.unmodifiableSortedSet(new TreeSet<>(namespaces));
    }

    /** Those of some namespaces, which may be none. */
    public static Visibility of(Collection<String> namespaces) {
        return new Visibility(false, new TreeSet<>(namespaces));
    }

    /** @param namespace of the client */
    public boolean includes(String namespace) {
        return everywhere || namespaces.contains(namespace);
    }
}
