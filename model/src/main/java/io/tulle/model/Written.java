package io.tulle.model;

import java.time.Duration;

/** Values as people write them, for whoever reads a message. */
public final class Written {
    private Written() {}

    /** {@code 250ms}, {@code 1.5s}, {@code 2m}, {@code 1h30m}: the form that configuration takes, too. */
    public static String duration(Duration duration) {
        if (duration.isNegative()) return "-" + duration(duration.negated());
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) return part(duration.toNanos(), 1_000_000, "ms", "0s");
        if (duration.compareTo(Duration.ofMinutes(1)) < 0) return part(duration.toNanos(), 1_000_000_000, "s", "0s");
        var text = new StringBuilder();
        if (duration.toHours() > 0) text.append(duration.toHours()).append('h');
        if (duration.toMinutesPart() > 0) text.append(duration.toMinutesPart()).append('m');
        return text.append(part(duration.toNanos() % 60_000_000_000L, 1_000_000_000, "s", ""))
                .toString();
    }

    private static String part(long nanos, long unit, String name, String none) {
        if (nanos == 0) return none;
        var number = java.math.BigDecimal.valueOf(nanos).divide(java.math.BigDecimal.valueOf(unit));
        return number.stripTrailingZeros().toPlainString() + name;
    }
}
