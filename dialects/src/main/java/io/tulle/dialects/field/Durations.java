package io.tulle.dialects.field;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations as the dialects write them. Signs, spaces and bare numbers are nobody's duration, except for a bare 0. */
public enum Durations {
    /** Compose, which takes Go's: {@code 1.5s}, {@code 1m30s}, {@code 250ms}. */
    GO(Forms.GO, false, true),
    /** Istio's: Go's, in whole milliseconds and at least one (Istio's ValidateDuration). */
    ISTIO(Forms.GO, true, false),
    /** Gateway API's, GEP-2257: {@code 1m30s}; no fractions, at most four parts of at most five digits. */
    GATEWAY(Pattern.compile("([0-9]{1,5}(h|ms|m|s)){1,4}"), true, true);

    private static final class Forms {
        static final Pattern GO = Pattern.compile("([0-9]{1,9}(\\.[0-9]{1,9})?(h|ms|us|µs|ns|m|s)){1,6}|0");
    }

    private static final Pattern PART = Pattern.compile("([0-9.]+)(h|ms|us|µs|ns|m|s)");
    private static final BigDecimal LONGEST =
            BigDecimal.valueOf(Duration.ofDays(3650).toNanos());

    private final Pattern form;
    private final boolean wholeMilliseconds;
    private final boolean mayBeZero;

    Durations(Pattern form, boolean wholeMilliseconds, boolean mayBeZero) {
        this.form = form;
        this.wholeMilliseconds = wholeMilliseconds;
        this.mayBeZero = mayBeZero;
    }

    /** Whether a duration that was read is one that this dialect takes: none under 1 ms, and no fraction of one. */
    public boolean takes(Duration duration) {
        if (duration.isZero()) return mayBeZero;
        return !wholeMilliseconds || duration.equals(duration.truncatedTo(ChronoUnit.MILLIS));
    }

    /** Whether a text is a duration, and longer than any that is taken. */
    boolean isTooLong(String text) {
        return text.length() <= 64
                && form.matcher(text).matches()
                && parse(text).isEmpty();
    }

    /** The duration, empty when the text is none or lasts more than ten years. */
    public Optional<Duration> parse(String text) {
        if (text.length() > 64 || !form.matcher(text).matches()) return Optional.empty();
        var nanos = BigDecimal.ZERO;
        var parts = PART.matcher(text);
        while (parts.find()) {
            nanos = nanos.add(new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit(parts.group(2)))));
        }
        return nanos.compareTo(LONGEST) > 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos.longValue()));
    }

    private static long unit(String name) {
        return switch (name) {
            case "h" -> 3_600_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "s" -> 1_000_000_000L;
            case "ms" -> 1_000_000L;
            case "ns" -> 1L;
            default -> 1_000L; // us, µs
        };
    }
}
