package io.tulle.dialects.compose;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.Durations;
import io.tulle.dialects.field.Suggestion;
import io.tulle.dialects.reader.Node;
import io.tulle.model.Problem;
import io.tulle.model.Problem.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Reads the keys of one mapping of a Compose file, as leniently as Compose does (a number may stand in quotes), and says
 * which keys nobody read. Keys that start with {@code x-} are the writer's own.
 */
final class Keys {
    private static final int MOST_PROBLEMS = 1_000;

    private final Node.Mapping node;
    private final String path;
    private final List<Problem> problems;
    private final Set<String> read = new HashSet<>();

    private Keys(Node.Mapping node, String path, List<Problem> problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
    }

    /** Reads a mapping with the reader given and then reports what it left. */
    static <T> Optional<T> read(Node node, String path, List<Problem> problems, Function<Keys, T> reader) {
        var mapping = switch (node) {
            case Node.Mapping written -> Optional.of(written);
            case Node.Null _ -> Optional.of(new Node.Mapping(node.place(), List.of()));
            case Node.Sequence _, Node.Text _, Node.Numeral _, Node.Bool _ ->
                Keys.<Node.Mapping>wrong(node, path, "a mapping", problems);
        };
        return mapping.map(found -> {
            var keys = new Keys(found, path, problems);
            var result = reader.apply(keys);
            keys.reportUnread();
            return result;
        });
    }

    Optional<Node> node(String key) {
        read.add(key);
        return node.get(key).filter(value -> !(value instanceof Node.Null));
    }

    /** The same without counting the key as read: what is taken of it is not all of it. */
    Optional<Node> look(String key) {
        return node.get(key);
    }

    boolean has(String key) {
        return node(key).isPresent();
    }

    /** Nobody minds what is left. */
    void ignoreRest() {
        node.entries().forEach(entry -> read.add(entry.key()));
    }

    <T> Optional<T> nested(String key, Function<Keys, T> reader) {
        return node(key).flatMap(value -> read(value, path(key), problems, reader));
    }

    Optional<String> text(String key) {
        return node(key).flatMap(value -> text(value, path(key)));
    }

    Optional<Boolean> flag(String key) {
        return text(key).flatMap(text -> switch (text) {
            case "true", "yes", "on" -> Optional.of(true);
            case "false", "no", "off" -> Optional.of(false);
            default -> {
                problem(Codes.COMPOSE_TYPE, key, "must be true or false, not '" + text + "'");
                yield Optional.empty();
            }
        });
    }

    Optional<Integer> number(String key, int least, int most) {
        return text(key).flatMap(text -> {
            if (text.matches("[0-9]{1,9}")) {
                var number = Integer.parseInt(text);
                if (number >= least && number <= most) return Optional.of(number);
            }
            problem(Codes.COMPOSE_VALUE, key, "cannot be '" + text + "'; write a number from " + least + " to " + most);
            return Optional.empty();
        });
    }

    Optional<Duration> duration(String key) {
        return text(key).flatMap(text -> {
            var duration = Durations.GO.parse(text);
            if (duration.isEmpty()) {
                problem(Codes.COMPOSE_VALUE, key, "cannot be '" + text + "'; write a duration such as 10s or 1m30s");
            }
            return duration;
        });
    }

    /** A list of texts; a single text counts as a list of one. */
    List<String> texts(String key) {
        return node(key).map(value -> texts(value, path(key))).orElse(List.of());
    }

    List<String> texts(Node value, String where) {
        if (!(value instanceof Node.Sequence list))
            return text(value, where).stream().toList();
        var all = new ArrayList<String>();
        for (int i = 0; i < list.items().size(); i++) {
            text(list.items().get(i), where + "[" + i + "]").ifPresent(all::add);
        }
        return all;
    }

    /** {@code environment} and {@code labels}: a mapping, or a list of {@code KEY=value}. A key without value is empty. */
    SortedMap<String, Optional<String>> pairs(String key) {
        var all = new TreeMap<String, Optional<String>>();
        node(key).ifPresent(value -> {
            if (value instanceof Node.Mapping mapping) {
                for (var entry : mapping.entries()) {
                    var empty = entry.value() instanceof Node.Null;
                    all.put(entry.key(), empty ? Optional.empty() : text(entry.value(), path(key) + "." + entry.key()));
                }
                return;
            }
            for (var line : texts(value, path(key))) {
                var equals = line.indexOf('=');
                if (equals < 0) all.put(line, Optional.empty());
                else all.put(line.substring(0, equals), Optional.of(line.substring(equals + 1)));
            }
        });
        return all;
    }

    void problem(Codes code, String key, String message) {
        problems.add(code.problem(path(key) + " " + message).at(placeOf(key)));
    }

    void note(Codes code, String key, String message, String fix) {
        problems.add(code.warning(path(key) + " " + message, fix).at(placeOf(key)));
    }

    void problem(Codes code, String key, String message, String fix) {
        problems.add(code.problem(path(key) + " " + message, fix).at(placeOf(key)));
    }

    Place placeOf(String key) {
        return node.get(key).map(Node::place).orElse(node.place());
    }

    Place place() {
        return node.place();
    }

    List<Problem> problems() {
        return problems;
    }

    String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private Optional<String> text(Node value, String where) {
        return switch (value) {
            case Node.Text(var at, var text) -> {
                if (text.indexOf('\0') < 0) yield Optional.of(text);
                problems.add(Codes.COMPOSE_VALUE
                        .problem(where + " has a NUL character", "remove it")
                        .at(at));
                yield Optional.empty();
            }
            case Node.Numeral(var _, var number) -> Optional.of(number.toPlainString());
            case Node.Bool(var _, var set) -> Optional.of(Boolean.toString(set));
            case Node.Null _ -> Optional.of("");
            case Node.Mapping other -> wrong(other, where, "text", problems);
            case Node.Sequence other -> wrong(other, where, "text", problems);
        };
    }

    private static <T> Optional<T> wrong(Node value, String where, String wanted, List<Problem> problems) {
        problems.add(Codes.COMPOSE_TYPE
                .problem(where + " must be " + wanted + ", not " + value.called())
                .at(value.place()));
        return Optional.empty();
    }

    private void reportUnread() {
        for (var entry : node.entries()) {
            if (problems.size() > MOST_PROBLEMS) return; // all of them warnings, and nobody reads more
            if (read.contains(entry.key()) || entry.key().startsWith("x-")) continue;
            var problem = Suggestion.of(entry.key(), read)
                    .map(word -> Codes.COMPOSE_UNKNOWN.problem(
                            path(entry.key()) + " is not used by Tulle", "did you mean '" + word + "'?"))
                    .orElseGet(() -> Codes.COMPOSE_UNKNOWN.problem(path(entry.key()) + " is not used by Tulle"));
            problems.add(problem.at(entry.keyPlace()));
        }
    }
}
