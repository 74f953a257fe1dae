package io.tulle.labs.stage;

import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came back.
 *
 * @param headers by lower-case name; of several the first
 */
public record Answer(int status, Map<String, String> headers, String body) {
    public Answer {
        headers = Map.copyOf(headers);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The text or number at a path of keys. */
    public String text(String... path) {
        return switch (at(path)) {
            case Node.Text(var _, var text) -> text;
            case Node.Numeral(var _, var number) -> number.toPlainString();
            case Node other -> throw new Unmet(String.join(".", path) + " is " + other.called() + " in " + this);
        };
    }

    public long number(String... path) {
        return at(path) instanceof Node.Numeral(var _, var number) ? number.longValue() : missing(path);
    }

    /** The number there, or 0. */
    public long count(String... path) {
        return find(path).orElse(Node.of(0)) instanceof Node.Numeral(var _, var number) ? number.longValue() : 0;
    }

    /** An object of numbers, such as {@code {"cart-1":251,"cart-2":249}}. */
    public Map<String, Long> numbers(String... path) {
        var found = new LinkedHashMap<String, Long>();
        if (at(path) instanceof Node.Mapping mapping) {
            for (var entry : mapping.entries()) {
                if (entry.value() instanceof Node.Numeral(var _, var number)) {
                    found.put(entry.key(), number.longValue());
                }
            }
        }
        return found;
    }

    /** The texts of a list. */
    public List<String> texts(String... path) {
        var found = new ArrayList<String>();
        if (at(path) instanceof Node.Sequence(var _, var items)) {
            for (var item : items) if (item instanceof Node.Text(var _, var text)) found.add(text);
        }
        return found;
    }

    /** The value at a path of keys; a number counts into a list. */
    public Node at(String... path) {
        return find(path).orElseThrow(() -> new Unmet("no " + String.join(".", path) + " in " + this));
    }

    private Optional<Node> find(String... path) {
        var found = Optional.of(json());
        for (var key : path) {
            found = found.flatMap(node -> switch (node) {
                case Node.Mapping mapping -> mapping.get(key);
                case Node.Sequence(var _, var items) ->
                    items.stream().skip(Long.parseLong(key)).findFirst();
                default -> Optional.empty();
            });
        }
        return found;
    }

    private long missing(String... path) {
        throw new Unmet("no number " + String.join(".", path) + " in " + this);
    }

    private Node json() {
        return new Reader()
                .json("answer", body.getBytes(java.nio.charset.StandardCharsets.UTF_8)).documents().stream()
                        .findFirst()
                        .orElseThrow(() -> new Unmet("not JSON: " + this));
    }

    @Override
    public String toString() {
        return status + " " + (body.length() > 300 ? body.substring(0, 300) + "…" : body);
    }
}
