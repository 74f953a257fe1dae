package io.tulle.dialects.istio.policy;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.model.policy.Percentage;

/** Istio's Percent. */
final class Percents {
    /** A share in millionths knows nothing smaller. */
    private static final double SMALLEST = 0.0001;

    private Percents() {}

    static Percentage of(FieldReader percentage) {
        var value = percentage.number("value", 0, 100).orElse(0.0);
        if (value > 0 && value < SMALLEST) {
            percentage.problem(
                    Codes.OUT_OF_RANGE, "value", "is smaller than 0.0001", "write 0, or a number from 0.0001 to 100");
        }
        return Percentage.of(value);
    }
}
