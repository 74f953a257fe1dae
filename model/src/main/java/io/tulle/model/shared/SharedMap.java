package io.tulle.model.shared;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map in the order of its keys. What is made of it by a change of one entry costs the logarithm of its size, and so
 * does finding out in which entries two of them differ of which one was made of the other.
 */
public final class SharedMap<K extends Comparable<? super K>, V> extends AbstractMap<K, V> {
    private static final SharedMap<?, ?> EMPTY = new SharedMap<String, Object>(null);

    private final @Nullable Tree<K, V> root;

    private SharedMap(@Nullable Tree<K, V> root) {
        this.root = root;
    }

    @SuppressWarnings("unchecked") // it holds nothing of any type
    public static <K extends Comparable<? super K>, V> SharedMap<K, V> empty() {
        return (SharedMap<K, V>) EMPTY;
    }

    public static <K extends Comparable<? super K>, V> SharedMap<K, V> of(Map<K, ? extends V> entries) {
        var all = SharedMap.<K, V>empty();
        for (var entry : entries.entrySet()) all = all.with(entry.getKey(), entry.getValue());
        return all;
    }

    /** With this entry, instead of what had its key. The same object where that had an equal value. */
    public SharedMap<K, V> with(K key, V value) {
        if (find(key).filter(value::equals).isPresent()) return this;
        return new SharedMap<>(Tree.with(root, key, value));
    }

    /** The same object where it has no such key. */
    public SharedMap<K, V> without(K key) {
        return find(key).isEmpty() ? this : new SharedMap<>(Tree.without(root, key));
    }

    public Optional<V> find(K key) {
        var at = root;
        while (at != null) {
            var order = key.compareTo(at.key);
            if (order == 0) return Optional.of(at.value);
            at = order < 0 ? at.left : at.right;
        }
        return Optional.empty();
    }

    /** The keys whose values differ, and those that only one of them has. What they share is not looked at. */
    public Set<K> differing(SharedMap<K, V> other) {
        var keys = new TreeSet<K>();
        var here = new Walk<>(root);
        var there = new Walk<>(other.root);
        while (here.skipShared(there)) {
            var order = here.isAtEnd() ? 1 : there.isAtEnd() ? -1 : here.key().compareTo(there.key());
            var differ = order != 0 || !here.value().equals(there.value());
            var key = order <= 0 ? here.key() : there.key();
            if (order <= 0) here.next();
            if (order >= 0) there.next();
            if (differ) keys.add(key);
        }
        return keys;
    }

    @Override
    public int size() {
        return Tree.size(root);
    }

    @Override
    @SuppressWarnings("unchecked") // as SortedMap does: a key of another type is a mistake, and said
    public boolean containsKey(@Nullable Object key) {
        return key != null && find((K) key).isPresent();
    }

    @Override
    @SuppressWarnings("unchecked")
    public @Nullable V get(@Nullable Object key) {
        return key == null ? null : find((K) key).orElse(null);
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<K, V>> iterator() {
                return new Walk<>(root).entries();
            }

            @Override
            public int size() {
                return SharedMap.this.size();
            }
        };
    }

    /** Of two that share most it costs what they do not share. */
    @Override
    @SuppressWarnings("unchecked") // keys of another type are found out by comparing them
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof SharedMap<?, ?> map)) return super.equals(other);
        if (root == map.root) return true;
        try {
            return size() == map.size() && differing((SharedMap<K, V>) map).isEmpty();
        } catch (ClassCastException otherKeys) {
            return false;
        }
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
