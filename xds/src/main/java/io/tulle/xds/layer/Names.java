package io.tulle.xds.layer;

import io.tulle.xds.codec.Digest;
import io.tulle.xds.codec.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Resources of one type by name, as an immutable tree of hashes: a change copies the few nodes on the way to what it changes and
 * shares the rest, and two trees are compared by walking down where they are not the same object. Without {@code equals}, so that
 * it is compared by identity.
 */
final class Names {
    static final Names NONE = new Names(Leaf.EMPTY, 0, Sum.ZERO);

    private static final int BITS = 4;
    private static final int WAYS = 1 << BITS;
    private static final int LEAF = 8; // so many share a leaf before it becomes a branch
    private static final int DEEPEST = Integer.SIZE / BITS;

    private final Node root;
    private final int size;
    private final Sum sum;

    private Names(Node root, int size, Sum sum) {
        this.root = root;
        this.size = size;
        this.sum = sum;
    }

    int size() {
        return size;
    }

    /** Of all that it holds, whatever the order: equal content has an equal sum. */
    Sum sum() {
        return sum;
    }

    Optional<Resource> find(String name) {
        return leaf(root, name).find(name);
    }

    /** In no order. */
    void each(Consumer<Resource> consumer) {
        each(root, consumer);
    }

    /** The same without some names, and with some resources, each in the place of another of its name. */
    Names with(Collection<String> gone, Collection<Resource> come) {
        var now = this;
        for (var name : gone) now = now.without(name);
        for (var resource : come) now = now.with(resource);
        return now;
    }

    /** Tells each name that may stand for different resources in the two; surely all that do. */
    void differing(Names other, Consumer<String> name) {
        differing(root, other.root, name);
    }

    private Names with(Resource resource) {
        var before = find(resource.name());
        if (before.filter(resource::equals).isPresent()) return this;
        return new Names(
                put(root, resource, 0),
                before.isPresent() ? size : size + 1,
                sum.minus(before.map(Sum::of).orElse(Sum.ZERO)).plus(Sum.of(resource)));
    }

    private Names without(String name) {
        var before = find(name);
        if (before.isEmpty()) return this;
        return new Names(remove(root, name, 0), size - 1, sum.minus(Sum.of(before.get())));
    }

    private sealed interface Node {}

    private static final class Leaf implements Node {
        private static final Leaf EMPTY = new Leaf(List.of());
        private final List<Resource> resources;

        private Leaf(List<Resource> resources) {
            this.resources = resources;
        }

        Optional<Resource> find(String name) {
            for (var each : resources) {
                if (each.name().equals(name)) return Optional.of(each);
            }
            return Optional.empty();
        }

        List<Resource> without(String name) {
            return resources.stream().filter(each -> !each.name().equals(name)).toList();
        }

        List<Resource> with(Resource resource) {
            return Stream.concat(without(resource.name()).stream(), Stream.of(resource))
                    .toList();
        }
    }

    private static final class Branch implements Node {
        private final List<Node> children;

        private Branch(List<Node> children) {
            this.children = List.copyOf(children);
        }

        Node child(int way) {
            return children.get(way);
        }

        Branch with(int way, Node child) {
            var all = new ArrayList<>(children);
            all.set(way, child);
            return new Branch(all);
        }
    }

    private static int way(String name, int depth) {
        var hash = name.hashCode();
        return ((hash ^ (hash >>> (Integer.SIZE / 2))) >>> (depth * BITS)) & (WAYS - 1);
    }

    private static Leaf leaf(Node node, String name) {
        var at = node;
        for (int depth = 0; ; depth++) {
            switch (at) {
                case Leaf leaf -> {
                    return leaf;
                }
                case Branch branch -> at = branch.child(way(name, depth));
            }
        }
    }

    private static Node put(Node node, Resource resource, int depth) {
        return switch (node) {
            case Branch branch -> {
                var way = way(resource.name(), depth);
                yield branch.with(way, put(branch.child(way), resource, depth + 1));
            }
            case Leaf leaf -> {
                var all = leaf.with(resource);
                yield all.size() <= LEAF || depth == DEEPEST ? new Leaf(all) : split(all, depth);
            }
        };
    }

    private static Node split(Collection<Resource> all, int depth) {
        Node branch = new Branch(Collections.nCopies(WAYS, Leaf.EMPTY));
        for (var each : all) branch = put(branch, each, depth);
        return branch;
    }

    private static Node remove(Node node, String name, int depth) {
        return switch (node) {
            case Branch branch -> {
                var way = way(name, depth);
                yield branch.with(way, remove(branch.child(way), name, depth + 1));
            }
            case Leaf leaf -> {
                var all = leaf.without(name);
                yield all.isEmpty() ? Leaf.EMPTY : new Leaf(all);
            }
        };
    }

    private static void each(Node node, Consumer<Resource> consumer) {
        switch (node) {
            case Leaf leaf -> leaf.resources.forEach(consumer);
            case Branch branch -> branch.children.forEach(child -> each(child, consumer));
        }
    }

    private static void differing(Node one, Node other, Consumer<String> name) {
        if (one == other) return;
        if (one instanceof Branch ours && other instanceof Branch theirs) {
            for (int way = 0; way < WAYS; way++) differing(ours.child(way), theirs.child(way), name);
            return;
        }
        each(one, resource -> name.accept(resource.name()));
        each(other, resource -> name.accept(resource.name()));
    }

    /**
     * A digest of a set that is kept as it grows and shrinks: the sum of its members' digests. It tells content apart; it is no proof
     * against somebody who makes content for it.
     */
    record Sum(long high, long low) {
        static final Sum ZERO = new Sum(0, 0);
        private static final int HALF = 16; // hexadecimal digits of a long

        static Sum of(Resource resource) {
            var digest = Digest.of(List.of(resource.type().name(), resource.name(), resource.version()));
            return new Sum(
                    Long.parseUnsignedLong(digest, 0, HALF, 16), Long.parseUnsignedLong(digest, HALF, 2 * HALF, 16));
        }

        Sum plus(Sum other) {
            return new Sum(high + other.high, low + other.low);
        }

        Sum minus(Sum other) {
            return new Sum(high - other.high, low - other.low);
        }

        @Override
        public String toString() {
            return Long.toHexString(high) + "." + Long.toHexString(low);
        }
    }
}
