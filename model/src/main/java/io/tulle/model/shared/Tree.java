package io.tulle.model.shared;

import org.jspecify.annotations.Nullable;

/** A node of a balanced tree (AVL: the heights of two siblings differ by one at most); never changed. No node is an empty tree. */
final class Tree<K extends Comparable<? super K>, V> {
    final @Nullable Tree<K, V> left;
    final K key;
    final V value;
    final @Nullable Tree<K, V> right;
    private final int height;
    private final int size;

    private Tree(@Nullable Tree<K, V> left, K key, V value, @Nullable Tree<K, V> right) {
        this.left = left;
        this.key = key;
        this.value = value;
        this.right = right;
        this.height = 1 + Math.max(height(left), height(right));
        this.size = 1 + size(left) + size(right);
    }

    static int size(@Nullable Tree<?, ?> tree) {
        return tree == null ? 0 : tree.size;
    }

    private static int height(@Nullable Tree<?, ?> tree) {
        return tree == null ? 0 : tree.height;
    }

    static <K extends Comparable<? super K>, V> Tree<K, V> with(@Nullable Tree<K, V> tree, K key, V value) {
        if (tree == null) return new Tree<>(null, key, value, null);
        var order = key.compareTo(tree.key);
        if (order == 0) return new Tree<>(tree.left, key, value, tree.right);
        return order < 0
                ? balanced(with(tree.left, key, value), tree, tree.right)
                : balanced(tree.left, tree, with(tree.right, key, value));
    }

    static <K extends Comparable<? super K>, V> @Nullable Tree<K, V> without(@Nullable Tree<K, V> tree, K key) {
        if (tree == null) return null;
        var order = key.compareTo(tree.key);
        if (order < 0) return balanced(without(tree.left, key), tree, tree.right);
        if (order > 0) return balanced(tree.left, tree, without(tree.right, key));
        if (tree.left == null) return tree.right;
        if (tree.right == null) return tree.left;
        var next = first(tree.right);
        return balanced(tree.left, next, without(tree.right, next.key));
    }

    private static <K extends Comparable<? super K>, V> Tree<K, V> first(Tree<K, V> tree) {
        var at = tree;
        while (at.left != null) at = at.left;
        return at;
    }

    /** The entry of {@code middle} between two trees whose heights differ by two at most. */
    private static <K extends Comparable<? super K>, V> Tree<K, V> balanced(
            @Nullable Tree<K, V> left, Tree<K, V> middle, @Nullable Tree<K, V> right) {
        if (left != null && left.height > height(right) + 1) {
            var inner = left.right;
            return inner == null || height(left.left) >= inner.height
                    ? over(left.left, left, over(inner, middle, right))
                    : over(over(left.left, left, inner.left), inner, over(inner.right, middle, right));
        }
        if (right != null && right.height > height(left) + 1) {
            var inner = right.left;
            return inner == null || height(right.right) >= inner.height
                    ? over(over(left, middle, inner), right, right.right)
                    : over(over(left, middle, inner.left), inner, over(inner.right, right, right.right));
        }
        return over(left, middle, right);
    }

    private static <K extends Comparable<? super K>, V> Tree<K, V> over(
            @Nullable Tree<K, V> left, Tree<K, V> middle, @Nullable Tree<K, V> right) {
        return middle.left == left && middle.right == right
                ? middle
                : new Tree<>(left, middle.key, middle.value, right);
    }
}
