package io.tulle.labs.stage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** One reading of a sidecar's metrics, in Prometheus' text format. */
public record Scrape(List<Sample> samples) {
    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? ([^ ]+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    public Scrape {
        samples = List.copyOf(samples);
    }

    public record Sample(String name, Map<String, String> labels, double value) {
        public Sample {
            labels = Map.copyOf(labels);
        }

        public boolean has(Map<String, String> wanted) {
            return wanted.entrySet().stream().allMatch(want -> want.getValue().equals(labels.get(want.getKey())));
        }
    }

    static Scrape of(String text) {
        var samples = new ArrayList<Sample>();
        for (var line : text.split("\n")) {
            if (line.isBlank() || line.startsWith("#")) continue;
            var match = LINE.matcher(line.strip());
            Unmet.unless(match.matches(), "not a line of Prometheus' format: " + line);
            var labels = new HashMap<String, String>();
            if (match.group(2) != null) {
                var label = LABEL.matcher(match.group(2));
                while (label.find()) labels.put(label.group(1), label.group(2));
            }
            samples.add(new Sample(match.group(1), labels, Double.parseDouble(match.group(3))));
        }
        return new Scrape(samples);
    }

    /** The sum over all series of a name that have these labels. */
    public long sum(String name, Map<String, String> labels) {
        return Math.round(samples.stream()
                .filter(sample -> sample.name().equals(name) && sample.has(labels))
                .mapToDouble(Sample::value)
                .sum());
    }
}
