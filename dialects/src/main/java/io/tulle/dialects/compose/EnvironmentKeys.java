package io.tulle.dialects.compose;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.reader.Node;
import io.tulle.model.Problem.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** {@code environment} and {@code env_file} of one entry. */
final class EnvironmentKeys {
    private final Keys keys;
    private final Surroundings surroundings;

    private EnvironmentKeys(Keys keys, Surroundings surroundings) {
        this.keys = keys;
        this.surroundings = surroundings;
    }

    /**
     * {@code env_file} first, in order; {@code environment} over it. A key without value takes the caller's, and takes
     * the variable away where the caller has none.
     */
    static SortedMap<String, String> read(Keys keys, Surroundings surroundings) {
        return new EnvironmentKeys(keys, surroundings).read();
    }

    private SortedMap<String, String> read() {
        var own = new TreeMap<String, Optional<String>>();
        keys.pairs("environment").forEach((key, value) -> own.put(key, value.or(() -> surroundings.variable(key))));
        var all = new TreeMap<String, String>();
        own.forEach((key, value) -> value.ifPresent(text -> all.put(key, text)));
        keys.node("env_file").ifPresent(node -> {
            var files = node instanceof Node.Sequence list ? list.items() : List.of(node);
            files.forEach(file -> envFile(file, own, all));
        });
        own.forEach((key, value) -> value.ifPresentOrElse(text -> all.put(key, text), () -> all.remove(key)));
        return all;
    }

    private void envFile(Node node, Map<String, Optional<String>> own, SortedMap<String, String> into) {
        if (node instanceof Node.Mapping) {
            Keys.read(node, keys.path("env_file"), keys.problems(), file -> {
                var path = file.text("path").orElse("");
                var isRequired = file.flag("required").orElse(true);
                load(path, isRequired, isRaw(file), file.place(), own, into);
                return path;
            });
            return;
        }
        keys.texts(node, keys.path("env_file")).forEach(path -> load(path, true, false, node.place(), own, into));
    }

    private static boolean isRaw(Keys file) {
        var format = file.text("format").orElse("");
        if (!format.isEmpty() && !format.equals("raw")) {
            file.problem(Codes.COMPOSE_VALUE, "format", "cannot be '" + format + "'; write raw, or leave it out");
        }
        return format.equals("raw");
    }

    /** Variables in an environment file mean the caller's, then those of {@code environment}, then earlier files'. */
    private void load(
            String path,
            boolean isRequired,
            boolean isRaw,
            Place at,
            Map<String, Optional<String>> own,
            SortedMap<String, String> into) {
        switch (surroundings.file(path)) {
            case Surroundings.Text.Missing() -> {
                if (isRequired) unreadable(path, "which is not there", at);
            }
            case Surroundings.Text.Unreadable(var why) -> unreadable(path, "which cannot be read: " + why, at);
            case Surroundings.Text.Found(var text) -> {
                Function<String, Optional<String>> variables = name -> surroundings
                        .variable(name)
                        .or(() -> Optional.ofNullable(own.get(name)).flatMap(value -> value));
                var file =
                        isRaw ? EnvFile.raw(text, surroundings::variable) : EnvFile.parse(path, text, variables, into);
                keys.problems().addAll(file.problems());
                into.putAll(file.values());
            }
        }
    }

    private void unreadable(String path, String why, Place at) {
        keys.problems()
                .add(Codes.COMPOSE_ENV_FILE
                        .problem(keys.path("env_file") + " names " + path + ", " + why)
                        .at(at));
    }
}
