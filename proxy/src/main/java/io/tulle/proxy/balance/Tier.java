package io.tulle.proxy.balance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Endpoints that are equally welcome, as a line of units of weight: an endpoint of weight 3 holds three units. To draw a
 * unit is to draw an endpoint in proportion to its weight.
 */
final class Tier {
    private static final double GOLDEN = 0.6180339887498949;

    private static final int NOT_IN = -1;

    private final Pick.Chosen[] chosen; // made once, so that a pick allocates nothing
    private final int[] indices; // by the place of an endpoint in its set: its index here
    private final long[] ends; // ends[i]: the units of endpoints 0 to i
    private final boolean even;
    private final long stride;

    private Tier(Pick.Chosen[] chosen, int[] indices, long[] ends) {
        this.chosen = chosen;
        this.indices = indices;
        this.ends = ends;
        this.even = allAlike(ends);
        this.stride = even ? 1 : strideFor(ends[ends.length - 1]);
    }

    /**
     * Those of a set that belong to it.
     *
     * @param set all of them, in their order
     */
    static Tier of(List<Endpoint> set, Predicate<Endpoint> belongs) {
        var endpoints = new ArrayList<Endpoint>(set.size());
        var indices = new int[set.size()];
        for (int i = 0; i < indices.length; i++) {
            var isIn = belongs.test(set.get(i));
            indices[i] = isIn ? endpoints.size() : NOT_IN;
            if (isIn) endpoints.add(set.get(i));
        }
        return of(endpoints, indices);
    }

    private static Tier of(List<Endpoint> endpoints, int[] indices) {
        var chosen = endpoints.stream().map(Pick.Chosen::new).toArray(Pick.Chosen[]::new);
        var weights = endpoints.stream().mapToLong(e -> e.spec().weight()).toArray();
        // So that a product of two units fits a long: only ratios count, and these stay within 1 in 30,000.
        while (Arrays.stream(weights).sum() > Integer.MAX_VALUE) {
            for (int i = 0; i < weights.length; i++) weights[i] = Math.max(1, weights[i] / 2);
        }
        for (int i = 1; i < weights.length; i++) weights[i] += weights[i - 1];
        return new Tier(chosen, indices, weights);
    }

    boolean isEmpty() {
        return chosen.length == 0;
    }

    int size() {
        return chosen.length;
    }

    boolean isEven() {
        return even;
    }

    /** How many units there are: endpoints where all weigh the same, else the sum of weights. */
    long units() {
        return even ? chosen.length : ends[ends.length - 1];
    }

    /** The index of the endpoint that holds a unit. */
    int holder(long unit) {
        if (even) return (int) unit;
        int low = 0;
        int high = ends.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (unit < ends[middle]) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    /**
     * The unit of a turn: any {@link #units()} turns in a row visit each unit once, so shares are exact; steps near the
     * golden ratio spread a heavy endpoint's turns instead of bunching them. Where all weigh the same, one by one.
     */
    long unitOfTurn(long turn) {
        var units = units();
        return Math.floorMod(turn, units) * stride % units;
    }

    Pick.Chosen at(int index) {
        return chosen[index];
    }

    long weight(int index) {
        return index == 0 ? ends[0] : ends[index] - ends[index - 1];
    }

    /** The index here of the endpoint at a place of the set; negative where it does not belong here. */
    int indexOf(int placeInSet) {
        return indices[placeInSet];
    }

    Tier without(List<Endpoint> tried) {
        var left = new ArrayList<Endpoint>(chosen.length);
        var where = indices.clone();
        for (int i = 0; i < where.length; i++) {
            if (where[i] == NOT_IN) continue;
            var endpoint = chosen[where[i]].endpoint();
            var isOut = tried.stream().anyMatch(endpoint::isSamePlaceAs);
            where[i] = isOut ? NOT_IN : left.size();
            if (!isOut) left.add(endpoint);
        }
        return of(left, where);
    }

    private static boolean allAlike(long[] ends) {
        for (int i = 1; i < ends.length; i++) {
            if (ends[i] - ends[i - 1] != ends[0]) return false;
        }
        return true;
    }

    private static long strideFor(long units) {
        var stride = Math.max(1, Math.round(units * GOLDEN));
        while (gcd(stride, units) != 1) stride++;
        return stride;
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
