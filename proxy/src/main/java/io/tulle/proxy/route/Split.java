package io.tulle.proxy.route;

import java.util.List;
import java.util.random.RandomGenerator;

/** A draw in proportion to weights: exact, since every unit of weight is one of the numbers that can be drawn. */
final class Split<T> {
    private final List<T> things;
    private final long[] ends; // ends[i] is the sum of the weights up to and with i

    private Split(List<T> things, long[] ends) {
        this.things = things;
        this.ends = ends;
    }

    static <T> Split<T> compile(List<T> things, List<Integer> weights) {
        var ends = new long[things.size()];
        long sum = 0;
        for (int i = 0; i < ends.length; i++) {
            sum += weights.get(i);
            ends[i] = sum;
        }
        return new Split<>(List.copyOf(things), ends);
    }

    boolean isEmpty() {
        return things.isEmpty();
    }

    /** One of the things; there must be one. Draws no number where there is nothing to choose. */
    T draw(RandomGenerator random) {
        if (ends.length == 1) return things.getFirst();
        var drawn = random.nextLong(ends[ends.length - 1]);
        int low = 0;
        int high = ends.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (drawn < ends[middle]) high = middle;
            else low = middle + 1;
        }
        return things.get(low);
    }
}
