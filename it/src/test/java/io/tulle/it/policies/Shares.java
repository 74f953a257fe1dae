package io.tulle.it.policies;

import io.tulle.dialects.reader.Node;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which of several things came of many requests, and how often. */
sealed interface Shares {
    /** So many deviations of a binomial draw are let pass: one run in two million would fail for nothing. */
    double DEVIATIONS = 5;

    /** Each with its percentage of the requests; whatever is not named never. */
    record Of(Map<String, Double> percent) implements Shares {
        @Override
        public Optional<String> contradiction(Map<String, Integer> counts, int requests) {
            var names = new TreeMap<String, Integer>(counts);
            percent.keySet().forEach(name -> names.putIfAbsent(name, 0));
            return names.entrySet().stream()
                    .filter(e -> Math.abs(e.getValue() - requests * share(e.getKey())) > slack(e.getKey(), requests))
                    .findFirst()
                    .map(e -> "wanted " + told() + ", was " + counts + " of " + requests);
        }

        private double share(String name) {
            return percent.getOrDefault(name, 0.0) / 100;
        }

        private double slack(String name, int requests) {
            var share = share(name);
            return DEVIATIONS * Math.sqrt(requests * share * (1 - share));
        }

        /** As few as may come of so many requests. */
        int least(String name, int requests) {
            return (int) Math.ceil(Math.max(0, requests * share(name) - slack(name, requests)));
        }

        private String told() {
            return percent.entrySet().stream()
                    .map(e -> e.getKey() + (e.getValue() == 100 ? "" : " " + e.getValue() + " %"))
                    .collect(Collectors.joining(", "));
        }
    }

    /** Nothing but these; each of them where so many requests were sent that chance alone leaves none out. */
    record Among(SortedSet<String> names) implements Shares {
        static final int MANY = 20;

        @Override
        public Optional<String> contradiction(Map<String, Integer> counts, int requests) {
            var isEach = requests >= MANY;
            var holds = isEach ? counts.keySet().equals(names) : names.containsAll(counts.keySet());
            return holds
                    ? Optional.empty()
                    : Optional.of("wanted " + (isEach ? "each" : "one") + " of " + names + ", was " + counts);
        }
    }

    /** What is not as it should be. */
    Optional<String> contradiction(Map<String, Integer> counts, int requests);

    /** A name, a list of names that share somehow, or names with percentages. */
    static Shares read(Node node, Fields fields) {
        return switch (node) {
            case Node.Sequence(var _, var items) ->
                new Among(new TreeSet<>(items.stream().map(fields::text).toList()));
            case Node.Mapping mapping -> percentages(mapping, fields);
            case Node.Text _, Node.Numeral _, Node.Bool _, Node.Null _ -> all(fields.text(node));
        };
    }

    /** Every request. */
    static Of all(String name) {
        return new Of(Map.of(name, 100.0));
    }

    static Of percentages(Node.Mapping mapping, Fields fields) {
        var percent = new TreeMap<String, Double>();
        for (var entry : mapping.entries()) {
            percent.put(
                    entry.key(),
                    entry.value() instanceof Node.Numeral(var _, var value)
                            ? value.doubleValue()
                            : fields.wrong(entry.value(), "a percentage", 0.0));
        }
        return new Of(percent);
    }
}
