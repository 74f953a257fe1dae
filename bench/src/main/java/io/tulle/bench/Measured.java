package io.tulle.bench;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What one contender showed in one scenario: a value for each round, and its memory at the end. */
record Measured(String name, List<Round> rounds, List<Long> rssKib, List<Long> pssKib) {
    Measured {
        rounds = List.copyOf(rounds);
        rssKib = List.copyOf(rssKib);
        pssKib = List.copyOf(pssKib);
    }

    /** CPU-µs of all its processes for each request, latency from the due time, and what went wrong. */
    record Round(double cpuMicros, double p50, double p90, double p99, long failures) {}

    /** Quartiles over the rounds. */
    record Spread(double low, double median, double high) {
        static Spread of(List<Round> rounds, ToDoubleFunction<Round> value) {
            var sorted = rounds.stream().mapToDouble(value).sorted().toArray();
            return new Spread(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
        }

        private static double at(double[] sorted, double quantile) {
            var place = quantile * (sorted.length - 1);
            var below = (int) place;
            var above = Math.min(below + 1, sorted.length - 1);
            return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
        }

        String text(String format) {
            return (format + " (" + format + "–" + format + ")").formatted(median, low, high);
        }
    }

    Spread cpu() {
        return Spread.of(rounds, Round::cpuMicros);
    }

    long failures() {
        return rounds.stream().mapToLong(Round::failures).sum();
    }

    /** One row of the table, with ratios of CPU against these. */
    String row(List<Measured> against) {
        var cells = new StringBuilder("| ").append(name).append(" | ");
        cells.append(rssKib.isEmpty() ? "–" : cpu().text("%.1f"));
        for (var other : against) {
            cells.append(rssKib.isEmpty() ? " | –" : " | %.2f×".formatted(cpu().median / other.cpu().median));
        }
        cells.append(" | ").append(Spread.of(rounds, Round::p50).text("%.2f"));
        cells.append(" | ").append(Spread.of(rounds, Round::p90).text("%.2f"));
        cells.append(" | ").append(Spread.of(rounds, Round::p99).text("%.2f"));
        cells.append(" | ").append(mib(rssKib)).append(" | ").append(mib(pssKib));
        return cells.append(" | ").append(failures()).append(" |").toString();
    }

    static String table(List<Measured> all) {
        var against = all.stream()
                .filter(m -> m.name.equals("haproxy") || m.name.equals("envoy"))
                .sorted(Comparator.comparing(Measured::name).reversed())
                .toList();
        var text = new StringBuilder("| | CPU-µs a request |");
        against.forEach(other -> text.append(" vs ").append(other.name).append(" |"));
        text.append(" p50 ms | p90 ms | p99 ms | RSS MiB, each | PSS MiB, each | failed |\n|---|");
        text.append("---|".repeat(against.size() + 7)).append('\n');
        all.forEach(m -> text.append(m.row(against)).append('\n'));
        return text.toString();
    }

    private static String mib(List<Long> kib) {
        return kib.isEmpty()
                ? "–"
                : Arrays.toString(kib.stream().mapToLong(k -> k / 1024).toArray())
                        .replaceAll("[\\[\\]]", "");
    }
}
