package io.tulle.dialects.compose;

import io.tulle.dialects.code.Codes;
import io.tulle.model.Problem;
import io.tulle.model.Problem.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Environment files, {@code .env} and those of {@code env_file}, read as Compose reads them (compose-go, package dotenv):
 * {@code KEY=value} or {@code KEY: value}, {@code export} before it and comments allowed. A bare value ends with its line
 * or at {@code  #}; a quoted one may have several lines. Single quotes keep all but an escaped quote; double quotes know
 * escapes. Variables are replaced in bare and double-quoted values. A key alone takes the value of the environment around.
 * Behind a line that cannot be read nothing is read: with an open quote there, all of it would be guesswork.
 */
public record EnvFile(SortedMap<String, String> values, List<Problem> problems) {
    public EnvFile {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
        problems = List.copyOf(problems);
    }

    /** @param variables what a variable in a value means; an earlier line of the file counts only where this is empty */
    public static EnvFile parse(String file, String text, Function<String, Optional<String>> variables) {
        return parse(file, text, variables, Map.of());
    }

    /** @param earlier what earlier files said, for variables in values; not part of the result */
    static EnvFile parse(
            String file, String text, Function<String, Optional<String>> variables, Map<String, String> earlier) {
        var values = new TreeMap<String, String>();
        var problems = new ArrayList<Problem>();
        var substitution = new Substitution(
                name -> variables
                        .apply(name)
                        .or(() -> Optional.ofNullable(values.get(name)))
                        .or(() -> Optional.ofNullable(earlier.get(name))),
                problems);
        var statements = new EnvStatements(text);
        try {
            for (var next = statements.next(); next.isPresent(); next = statements.next()) {
                var statement = next.get();
                var place = new Place(file, statement.line(), 1);
                switch (statement.value()) {
                    case EnvStatements.Value.Inherited() ->
                        variables.apply(statement.key()).ifPresent(value -> values.put(statement.key(), value));
                    case EnvStatements.Value.Literal(var literal) -> values.put(statement.key(), literal);
                    case EnvStatements.Value.Template(var template) ->
                        values.put(statement.key(), substitution.in(template, place));
                }
            }
        } catch (EnvStatements.Unreadable e) {
            problems.add(Codes.COMPOSE_ENV_LINE.problem(e.getMessage()).at(new Place(file, e.line(), 1)));
        }
        return new EnvFile(values, problems);
    }

    /** {@code format: raw}: each line is {@code KEY=value}, the value as it stands. */
    static EnvFile raw(String text, Function<String, Optional<String>> variables) {
        var values = new TreeMap<String, String>();
        for (var written : text.split("\r\n|\n", -1)) {
            var line = written.stripLeading();
            if (line.isEmpty() || line.startsWith("#")) continue;
            var equals = line.indexOf('=');
            if (equals > 0) values.put(line.substring(0, equals), line.substring(equals + 1));
            else if (equals < 0) variables.apply(line.strip()).ifPresent(value -> values.put(line.strip(), value));
        }
        return new EnvFile(values, List.of());
    }
}
