package io.tulle.compile;

import io.tulle.xds.spec.ActionSpec.Target;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;

/** Weights as people write them, of any size, to weights as the spec has them: their proportion is what counts. */
final class Weights {
    private Weights() {}

    /** Unchanged where they fit; else in lowest terms; else to the nearest step, where none above 0 becomes 0. */
    static List<Integer> fitted(List<Integer> written) {
        if (written.isEmpty()) return List.of();
        int heaviest = Collections.max(written);
        var most = Math.min(Target.HEAVIEST, Integer.MAX_VALUE / written.size()); // so that the sum fits too
        if (heaviest <= most) return written;
        var divisor = written.stream()
                .map(weight -> BigInteger.valueOf(weight))
                .reduce(BigInteger.ZERO, BigInteger::gcd)
                .intValueExact();
        return written.stream()
                .map(weight -> scaled(weight / divisor, heaviest / divisor, most))
                .toList();
    }

    private static int scaled(int weight, int heaviest, int most) {
        if (heaviest <= most || weight == 0) return weight;
        return Math.max(1, (int) Math.round((double) weight * most / heaviest));
    }
}
