package io.tulle.labs.load;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * Every outcome of a load, in the order in which they were due.
 *
 * @param startedEpochMillis the wall clock at the start, to which all nanoseconds of the outcomes are relative
 */
public record Report(List<Outcome> outcomes, long startedEpochMillis) {
    private static final long LONGEST_MICROS = TimeUnit.HOURS.toMicros(1);

    public Report {
        outcomes = List.copyOf(outcomes);
    }

    /** How many answers each status had; 0 counts those that got none. */
    public Map<Integer, Long> statuses() {
        return counted(Outcome::status);
    }

    /** How many outcomes of each kind ({@code 200}, {@code 503}, {@code reset}, {@code 200 closed}…). */
    public Map<String, Long> kinds() {
        return counted(Outcome::kind);
    }

    /** How many outcomes a lab's own question divides into. */
    public <K extends Comparable<K>> Map<K, Long> counted(Function<Outcome, K> by) {
        return outcomes.stream().collect(Collectors.groupingBy(by, TreeMap::new, Collectors.counting()));
    }

    public List<Outcome> failures() {
        return outcomes.stream().filter(Outcome::failed).toList();
    }

    /** Microseconds from due to end, failed requests included. */
    public Histogram latency() {
        var histogram = new Histogram(LONGEST_MICROS, 3);
        outcomes.forEach(o -> histogram.recordValue(Math.clamp(o.latencyNanos() / 1000, 0, LONGEST_MICROS)));
        return histogram;
    }

    /** Latency in milliseconds at a percentile between 0 and 100. */
    public double millisAt(double percentile) {
        return latency().getValueAtPercentile(percentile) / 1000.0;
    }

    /** One line: how many, of which kinds, how late. */
    public String summary() {
        var late = latency();
        return "%d requests, %d failed %s, p50 %.2f p90 %.2f p99 %.2f max %.2f ms"
                .formatted(
                        outcomes.size(),
                        failures().size(),
                        kinds(),
                        late.getValueAtPercentile(50) / 1000.0,
                        late.getValueAtPercentile(90) / 1000.0,
                        late.getValueAtPercentile(99) / 1000.0,
                        late.getMaxValue() / 1000.0);
    }
}
