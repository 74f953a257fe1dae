package io.tulle.dialects.compose;

import io.tulle.dialects.Codes;
import io.tulle.model.Problem;
import io.tulle.model.Problem.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Environment files, {@code .env} and those of {@code env_file}: {@code KEY=value} lines, {@code export} before them and
 * comments allowed. Single quotes keep all as it is; double quotes know {@code \n}, {@code \t}, {@code \"} and variables;
 * bare values end at {@code  #} and know variables too. A quoted value ends on its line. A key alone takes the value of
 * the environment around it.
 */
public record EnvFile(SortedMap<String, String> values, List<Problem> problems) {
    public EnvFile {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
        problems = List.copyOf(problems);
    }

    /** @param variables what a variable in a value means, unless an earlier line of the file says */
    public static EnvFile parse(String file, String text, Function<String, Optional<String>> variables) {
        var values = new TreeMap<String, String>();
        var problems = new ArrayList<Problem>();
        var substitution = new Substitution(
                name -> Optional.ofNullable(values.get(name)).or(() -> variables.apply(name)), problems);
        var number = 0;
        for (var raw : text.split("\r\n|\r|\n", -1)) {
            var place = new Place(file, ++number, 1);
            var line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) continue;
            if (line.startsWith("export ")) line = line.substring(7).strip();
            var equals = line.indexOf('=');
            var key = (equals < 0 ? line : line.substring(0, equals)).strip();
            if (!key.matches("[A-Za-z_][A-Za-z0-9_.-]*")) {
                problems.add(Codes.COMPOSE_ENV_FILE
                        .problem("'" + key + "' is no name of a variable", "write KEY=value")
                        .at(place));
            } else if (equals < 0) {
                variables.apply(key).ifPresent(value -> values.put(key, value));
            } else {
                var rest = line.substring(equals + 1).strip();
                value(rest, place, substitution)
                        .ifPresentOrElse(
                                value -> values.put(key, value),
                                () -> problems.add(Codes.COMPOSE_ENV_FILE
                                        .problem(
                                                "the value of " + key + " has a quote that is not closed",
                                                "close it on its line")
                                        .at(place)));
            }
        }
        return new EnvFile(values, problems);
    }

    private static Optional<String> value(String written, Place place, Substitution substitution) {
        if (written.startsWith("'")) {
            var end = written.indexOf('\'', 1);
            return end < 0 ? Optional.empty() : Optional.of(written.substring(1, end));
        }
        if (written.startsWith("\"")) {
            return unquoted(written).map(text -> substitution.in(text, place));
        }
        var comment = written.startsWith("#") ? 0 : written.indexOf(" #");
        return Optional.of(substitution.in((comment < 0 ? written : written.substring(0, comment)).strip(), place));
    }

    /** The inside of double quotes, its escapes replaced. */
    private static Optional<String> unquoted(String written) {
        var out = new StringBuilder();
        for (int i = 1; i < written.length(); i++) {
            var c = written.charAt(i);
            if (c == '"') return Optional.of(out.toString());
            if (c == '\\' && i + 1 < written.length()) {
                var next = written.charAt(++i);
                switch (next) {
                    case 'n' -> out.append('\n');
                    case 'r' -> out.append('\r');
                    case 't' -> out.append('\t');
                    case '$' -> out.append("$$");
                    case '"', '\\' -> out.append(next);
                    default -> out.append('\\').append(next);
                }
            } else {
                out.append(c);
            }
        }
        return Optional.empty();
    }
}
