package io.tulle.dialects.reader;

import io.tulle.model.Problem.Place;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One value of a document, with the place where it stands. Equality includes the place; two documents say the same when
 * their {@link Json#canonical} texts are equal.
 */
public sealed interface Node {
    /** The place of what no person wrote. */
    Place MADE = new Place("", 0, 0);

    Place place();

    /** What a person would call it in an error: {@code a list}, {@code a number}. */
    String called();

    /** Keys in the order written, each once. */
    record Mapping(Place place, List<Entry> entries) implements Node {
        public static final Mapping EMPTY = new Mapping(MADE, List.of());

        public Mapping {
            entries = List.copyOf(entries);
        }

        public Optional<Node> get(String key) {
            return entry(key).map(Entry::value);
        }

        public Optional<Entry> entry(String key) {
            return entries.stream().filter(e -> e.key().equals(key)).findFirst();
        }

        public List<String> keys() {
            return entries.stream().map(Entry::key).toList();
        }

        /** The same with one key set: in its old place, else last. */
        public Mapping with(String key, Node value) {
            var now = new ArrayList<Entry>();
            var replaced = false;
            for (var entry : entries) {
                replaced |= entry.key().equals(key);
                now.add(entry.key().equals(key) ? new Entry(entry.keyPlace(), key, value) : entry);
            }
            if (!replaced) now.add(new Entry(MADE, key, value));
            return new Mapping(place, now);
        }

        /** The same without some keys. */
        public Mapping without(Collection<String> keys) {
            return new Mapping(
                    place, entries.stream().filter(e -> !keys.contains(e.key())).toList());
        }

        @Override
        public String called() {
            return "a mapping";
        }
    }

    /** One key and its value. */
    record Entry(Place keyPlace, String key, Node value) {}

    record Sequence(Place place, List<Node> items) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String called() {
            return "a list";
        }
    }

    record Text(Place place, String value) implements Node {
        @Override
        public String called() {
            return "text";
        }
    }

    record Numeral(Place place, BigDecimal value) implements Node {
        @Override
        public String called() {
            return "a number";
        }
    }

    record Bool(Place place, boolean value) implements Node {
        @Override
        public String called() {
            return "true or false";
        }
    }

    record Null(Place place) implements Node {
        @Override
        public String called() {
            return "nothing";
        }
    }

    static Node of(String text) {
        return new Text(MADE, text);
    }

    static Node of(long number) {
        return new Numeral(MADE, BigDecimal.valueOf(number));
    }

    static Node of(boolean value) {
        return new Bool(MADE, value);
    }

    static Sequence listOf(Collection<? extends Node> items) {
        return new Sequence(MADE, List.copyOf(items));
    }

    /** A mapping in the map's own order. */
    static Mapping mapOf(Map<String, ? extends Node> values) {
        return new Mapping(
                MADE,
                values.entrySet().stream()
                        .map(e -> new Entry(MADE, e.getKey(), e.getValue()))
                        .toList());
    }

    /** A mapping of texts in the map's own order. */
    static Mapping mapOfTexts(Map<String, String> values) {
        return new Mapping(
                MADE,
                values.entrySet().stream()
                        .map(e -> new Entry(MADE, e.getKey(), of(e.getValue())))
                        .toList());
    }

    /** The node at a path of keys, where there is one. */
    default Optional<Node> at(String... path) {
        Optional<Node> here = Optional.of(this);
        for (var key : path) {
            here = here.flatMap(node -> node instanceof Mapping mapping ? mapping.get(key) : Optional.empty());
        }
        return here;
    }
}
