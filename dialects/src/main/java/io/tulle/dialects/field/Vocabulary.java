package io.tulle.dialects.field;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All messages of a dialect and all of their fields, whether Tulle acts on them or not; the schema that the API serves
 * comes from here too. Written one message a line, {@code HTTPRoute: name text, match HTTPMatchRequest[], timeout text},
 * where a type is text, integer, number, boolean, port or any, the name of a message, or words divided by {@code |}; with
 * {@code []} behind it a list and with {@code {}} a mapping.
 */
public record Vocabulary(SortedMap<String, Map<String, Shape>> messages) {
    public Vocabulary {
        messages = Collections.unmodifiableSortedMap(new TreeMap<>(messages));
    }

    public static Vocabulary parse(String text) {
        var messages = new TreeMap<String, Map<String, Shape>>();
        for (var line : text.lines().filter(l -> !l.isBlank()).toList()) {
            var colon = line.indexOf(':');
            var name = line.substring(0, colon).strip();
            var fields = new LinkedHashMap<String, Shape>();
            for (var field : line.substring(colon + 1).split(",")) {
                if (field.isBlank()) continue;
                var words = field.strip().split(" +");
                fields.put(words[0], shape(words[1]));
            }
            if (messages.put(name, Collections.unmodifiableMap(fields)) != null) {
                throw new IllegalArgumentException("two messages named " + name);
            }
        }
        var vocabulary = new Vocabulary(messages);
        messages.values().forEach(fields -> fields.values().forEach(vocabulary::requireKnown));
        return vocabulary;
    }

    /** The fields of a message; asking for one that the vocabulary lacks is a slip in a decoder. */
    public Map<String, Shape> fields(String message) {
        var fields = messages.get(message);
        if (fields == null) throw new IllegalArgumentException("no message named " + message);
        return fields;
    }

    private static Shape shape(String type) {
        if (type.endsWith("[]")) return new Shape.ListOf(shape(type.substring(0, type.length() - 2)));
        if (type.endsWith("{}")) return new Shape.MapOf(shape(type.substring(0, type.length() - 2)));
        if (type.contains("|")) return new Shape.Choice(List.of(type.split("\\|")));
        return Arrays.stream(Shape.Form.values())
                .filter(form -> form.name().toLowerCase(Locale.ROOT).equals(type))
                .<Shape>map(Shape.Simple::new)
                .findFirst()
                .orElseGet(() -> new Shape.Message(type));
    }

    private void requireKnown(Shape shape) {
        switch (shape) {
            case Shape.ListOf(var item) -> requireKnown(item);
            case Shape.MapOf(var value) -> requireKnown(value);
            case Shape.Message(var name) -> fields(name);
            case Shape.Simple _, Shape.Choice _ -> {}
        }
    }
}
