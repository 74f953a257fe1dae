package io.tulle.control.store;

import java.util.Comparator;

/**
 * What one resource is called, without a version: the same thing is found under every served version of its group.
 *
 * @param group API group, empty for the core group
 * @param namespace empty for a kind that has none
 */
public record ResourceKey(String group, String kind, String namespace, String name) implements Comparable<ResourceKey> {
    private static final Comparator<ResourceKey> ORDER = Comparator.comparing(ResourceKey::group)
            .thenComparing(ResourceKey::kind)
            .thenComparing(ResourceKey::namespace)
            .thenComparing(ResourceKey::name);

    public ResourceKey {
        if (kind.isEmpty() || name.isEmpty()) throw new IllegalArgumentException("a resource has a kind and a name");
    }

    public KindKey kindKey() {
        return new KindKey(group, kind);
    }

    @Override
    public int compareTo(ResourceKey other) {
        return ORDER.compare(this, other);
    }

    /** {@code HTTPRoute.gateway.networking.k8s.io shop/catalog}, as messages show it. */
    @Override
    public String toString() {
        return kindKey() + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
