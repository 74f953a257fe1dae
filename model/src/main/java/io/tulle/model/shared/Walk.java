package io.tulle.model.shared;

import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Through a tree from its first entry to its last. What stands on the stack is still to come, the next of it on top. */
final class Walk<K extends Comparable<? super K>, V> {
    private final ArrayDeque<Step<K, V>> ahead = new ArrayDeque<>();

    /** @param whole the tree, or its own entry alone */
    private record Step<K extends Comparable<? super K>, V>(Tree<K, V> tree, boolean whole) {
        int size() {
            return whole ? Tree.size(tree) : 1;
        }
    }

    Walk(@Nullable Tree<K, V> tree) {
        push(tree);
    }

    private void push(@Nullable Tree<K, V> tree) {
        if (tree != null) ahead.push(new Step<>(tree, true));
    }

    boolean isAtEnd() {
        return ahead.isEmpty();
    }

    /** Goes past trees that both are about to enter and share; whether anything is left of either. Each stands at one entry then. */
    boolean skipShared(Walk<K, V> other) {
        while (!isAtEnd() || !other.isAtEnd()) {
            var here = ahead.peek();
            var there = other.ahead.peek();
            if (here != null && there != null && here.tree == there.tree && here.whole == there.whole) {
                ahead.pop();
                other.ahead.pop();
            } else if (here != null && here.whole && (there == null || !there.whole || here.size() >= there.size())) {
                open();
            } else if (there != null && there.whole) {
                other.open();
            } else {
                return true;
            }
        }
        return false;
    }

    private void open() {
        var tree = ahead.pop().tree;
        push(tree.right);
        ahead.push(new Step<>(tree, false));
        push(tree.left);
    }

    K key() {
        return ahead.element().tree.key;
    }

    V value() {
        return ahead.element().tree.value;
    }

    void next() {
        ahead.pop();
    }

    Iterator<Map.Entry<K, V>> entries() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !isAtEnd();
            }

            @Override
            public Map.Entry<K, V> next() {
                if (isAtEnd()) throw new NoSuchElementException();
                while (ahead.element().whole) open();
                var tree = ahead.pop().tree;
                return new AbstractMap.SimpleImmutableEntry<>(tree.key, tree.value);
            }
        };
    }
}
