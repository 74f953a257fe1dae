package io.tulle.dialects.compose;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.reader.Node;
import io.tulle.model.Problem;
import io.tulle.model.Problem.Place;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Variables in values (Compose specification, "Interpolation"): {@code $A}, {@code ${A}}, {@code ${A:-else}},
 * {@code ${A-else}}, {@code ${A:?said}}, {@code ${A?said}}, {@code ${A:+instead}}, {@code ${A+instead}} and {@code $$}
 * for a dollar sign; one before anything else is itself. What stands behind the operator may hold variables again, and
 * braces in pairs. Values that are put in are not read again.
 */
final class Substitution {
    private static final int DEEPEST = 16;

    private final Function<String, Optional<String>> variables;
    private final List<Problem> problems;

    Substitution(Function<String, Optional<String>> variables, List<Problem> problems) {
        this.variables = variables;
        this.problems = problems;
    }

    /** The same tree with every text replaced; keys stay. */
    Node in(Node node) {
        return switch (node) {
            case Node.Mapping mapping ->
                new Node.Mapping(
                        mapping.place(),
                        mapping.entries().stream()
                                .map(e -> new Node.Entry(e.keyPlace(), e.key(), in(e.value())))
                                .toList());
            case Node.Sequence list ->
                new Node.Sequence(
                        list.place(), list.items().stream().map(this::in).toList());
            case Node.Text text -> new Node.Text(text.place(), in(text.value(), text.place()));
            case Node.Numeral _, Node.Bool _, Node.Null _ -> node;
        };
    }

    String in(String text, Place place) {
        return in(text, place, 0);
    }

    private String in(String text, Place place, int depth) {
        if (text.indexOf('$') < 0) return text;
        if (depth > DEEPEST) return refused(text, place);
        var out = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            var c = text.charAt(i);
            if (c != '$') {
                out.append(c);
                i++;
                continue;
            }
            var next = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
            if (next == '$') {
                out.append('$');
                i += 2;
            } else if (next == '{') {
                var close = closing(text, i + 2);
                if (close < 0) return refused(text, place);
                out.append(braced(text.substring(i + 2, close), place, depth));
                i = close + 1;
            } else if (isStart(next)) {
                var end = nameEnd(text, i + 1);
                out.append(plain(text.substring(i + 1, end), place));
                i = end;
            } else {
                out.append('$'); // it starts no variable: pa$!w, ^[a-z]+$, $(cmd), $1
                i++;
            }
        }
        return out.toString();
    }

    private String braced(String inside, Place place, int depth) {
        var end = nameEnd(inside, 0);
        if (end == 0) return refused("${" + inside + "}", place);
        var name = inside.substring(0, end);
        var rest = inside.substring(end);
        if (rest.isEmpty()) return plain(name, place);
        var orEmpty = rest.startsWith(":");
        if (orEmpty) rest = rest.substring(1);
        if (rest.isEmpty()) return refused("${" + inside + "}", place);
        var value = variables.apply(name).filter(v -> !(orEmpty && v.isEmpty()));
        var word = rest.substring(1);
        return switch (rest.charAt(0)) {
            case '-' -> value.orElseGet(() -> in(word, place, depth + 1));
            case '+' -> value.isPresent() ? in(word, place, depth + 1) : "";
            case '?' -> value.orElseGet(() -> required(name, in(word, place, depth + 1), place));
            default -> refused("${" + inside + "}", place);
        };
    }

    private String plain(String name, Place place) {
        return variables.apply(name).orElseGet(() -> {
            problems.add(Codes.COMPOSE_UNSET
                    .problem("the variable " + name + " is not set and counts as empty")
                    .at(place));
            return "";
        });
    }

    private String required(String name, String said, Place place) {
        var why = said.isEmpty() ? "" : ": " + said;
        problems.add(Codes.COMPOSE_VARIABLE
                .problem("the variable " + name + " is required" + why)
                .at(place));
        return "";
    }

    private String refused(String text, Place place) {
        var shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
        problems.add(Codes.COMPOSE_SUBSTITUTION
                .problem("'" + shown + "' is not a valid substitution")
                .at(place));
        return "";
    }

    /** The brace that closes the one before {@code from}, those in pairs apart, else the last; -1 when there is none. */
    private static int closing(String text, int from) {
        var open = 1;
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '{') open++;
            else if (text.charAt(i) == '}' && --open == 0) return i;
        }
        var last = text.lastIndexOf('}');
        return last >= from && text.indexOf("${", from) < 0 ? last : -1;
    }

    private static int nameEnd(String text, int from) {
        if (from >= text.length() || !isStart(text.charAt(from))) return from;
        var i = from + 1;
        while (i < text.length() && (isStart(text.charAt(i)) || (text.charAt(i) >= '0' && text.charAt(i) <= '9'))) i++;
        return i;
    }

    private static boolean isStart(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
