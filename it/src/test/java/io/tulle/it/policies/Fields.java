package io.tulle.it.policies;

import io.tulle.dialects.reader.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** A mapping of a case's file, read key by key. What nobody asked for is a mistake, and is told with its file and line. */
final class Fields {
    private final Node.Mapping mapping;
    private final List<String> asked = new ArrayList<>();
    private final List<String> wrong;

    private Fields(Node.Mapping mapping, List<String> wrong) {
        this.mapping = mapping;
        this.wrong = wrong;
    }

    /**
     * Reads a mapping whole.
     *
     * @param wrong takes what is wrong, one line each
     */
    static <T> T read(Node node, List<String> wrong, Function<Fields, T> reading) {
        if (!(node instanceof Node.Mapping)) wrong.add(node.place() + ": a mapping is wanted, not " + node.called());
        var fields = new Fields(node instanceof Node.Mapping mapping ? mapping : Node.Mapping.EMPTY, wrong);
        var read = reading.apply(fields);
        for (var entry : fields.mapping.entries()) {
            if (!fields.asked.contains(entry.key()))
                wrong.add(entry.keyPlace() + ": '" + entry.key() + "' is no key here; known are " + fields.asked);
        }
        return read;
    }

    Node.Mapping node() {
        return mapping;
    }

    Optional<Node> get(String key) {
        asked.add(key);
        return mapping.get(key);
    }

    Optional<String> text(String key) {
        return get(key).map(this::text);
    }

    String text(String key, String otherwise) {
        return text(key).orElse(otherwise);
    }

    /** A text that must be there. */
    String required(String key) {
        return text(key).orElseGet(() -> {
            wrong.add(mapping.place() + ": '" + key + "' is missing");
            return "";
        });
    }

    boolean isSet(String key) {
        return get(key).map(node -> node instanceof Node.Bool(var _, var value)
                        ? value
                        : wrong(node, "true or false", Boolean.FALSE))
                .orElse(false);
    }

    Optional<Integer> number(String key) {
        return get(key).map(this::number);
    }

    /** The items of a list; of one value a list of it. */
    List<Node> list(String key) {
        return get(key).map(Fields::items).orElse(List.of());
    }

    List<String> texts(String key) {
        return list(key).stream().map(this::text).toList();
    }

    /** By name; {@code null} is an empty value. */
    Map<String, Optional<String>> byName(String key) {
        var all = new TreeMap<String, Optional<String>>();
        get(key).ifPresent(node -> {
            if (node instanceof Node.Mapping entries) {
                entries.entries()
                        .forEach(e -> all.put(
                                e.key(),
                                e.value() instanceof Node.Null ? Optional.empty() : Optional.of(text(e.value()))));
            } else {
                wrong(node, "a mapping", "");
            }
        });
        return all;
    }

    <T> T within(Node node, Function<Fields, T> reading) {
        return read(node, wrong, reading);
    }

    /** Says what is wrong, and goes on with something else. */
    <T> T wrong(Node node, String wanted, T otherwise) {
        wrong.add(node.place() + ": " + wanted + " is wanted, not " + node.called());
        return otherwise;
    }

    void refuse(String why) {
        wrong.add(mapping.place() + ": " + why);
    }

    String text(Node node) {
        return switch (node) {
            case Node.Text(var _, var value) -> value;
            case Node.Numeral(var _, var value) -> value.toPlainString();
            case Node.Bool(var _, var value) -> Boolean.toString(value);
            case Node.Mapping _, Node.Sequence _, Node.Null _ -> wrong(node, "text", "");
        };
    }

    int number(Node node) {
        return node instanceof Node.Numeral(var _, var value) ? value.intValue() : wrong(node, "a number", 0);
    }

    static List<Node> items(Node node) {
        return node instanceof Node.Sequence(var _, var items) ? items : List.of(node);
    }
}
