package io.tulle.dialects.compose;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.reader.Node;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code build}: where the Dockerfile is and which of its stages counts.
 *
 * @param context relative to the Compose file
 * @param file the Dockerfile, likewise
 */
record BuildKeys(
        String context,
        String file,
        Optional<String> inline,
        Optional<String> target,
        SortedMap<String, String> arguments) {
    BuildKeys {
        arguments = Collections.unmodifiableSortedMap(new TreeMap<>(arguments));
    }

    static BuildKeys read(Keys keys, Surroundings surroundings) {
        if (!(keys.look("build").orElse(Node.Mapping.EMPTY) instanceof Node.Mapping)) {
            var context = keys.text("build").orElse(".");
            return of(context, "Dockerfile", Optional.empty(), Optional.empty(), new TreeMap<>());
        }
        return keys.nested("build", build -> {
                    var arguments = new TreeMap<String, String>();
                    build.pairs("args")
                            .forEach((key, value) -> value.or(() -> surroundings.variable(key))
                                    .ifPresent(text -> arguments.put(key, text)));
                    var read = of(
                            build.text("context")
                                    .filter(text -> !text.isEmpty())
                                    .orElse("."),
                            build.text("dockerfile")
                                    .filter(text -> !text.isEmpty())
                                    .orElse("Dockerfile"),
                            build.text("dockerfile_inline"),
                            build.text("target").filter(text -> !text.isEmpty()),
                            arguments);
                    build.ignoreRest(); // caches, platforms, labels, secrets: for builders
                    return read;
                })
                .orElseThrow();
    }

    private static BuildKeys of(
            String context,
            String file,
            Optional<String> inline,
            Optional<String> target,
            SortedMap<String, String> arguments) {
        if (isRemote(context)) return new BuildKeys(context, file, inline, target, arguments);
        var folder = Path.of(context).normalize();
        return new BuildKeys(folder.toString(), folder.resolve(file).normalize().toString(), inline, target, arguments);
    }

    private static boolean isRemote(String context) {
        return context.contains("://") || context.startsWith("git@") || context.startsWith("github.com/");
    }

    /** @param hasCommand whether the entry says itself what to run: then the Dockerfile may be missing */
    Optional<DockerStage> stage(Keys keys, Surroundings surroundings, boolean hasCommand) {
        if (isRemote(context)) {
            keys.problem(
                    Codes.COMPOSE_DOCKERFILE,
                    "build",
                    "has the context " + context + ", which is not on this host",
                    "check it out and name its folder, or write x-tulle: {address: HOST:PORT} of where it runs");
            return Optional.empty();
        }
        var text = inline.<Surroundings.Text>map(Surroundings.Text.Found::new).orElseGet(() -> surroundings.file(file));
        return switch (text) {
            case Surroundings.Text.Found(var found)
            when found.indexOf('\0') >= 0 -> {
                refused(keys, "leads to " + file + ", which is no text", hasCommand);
                yield Optional.empty();
            }
            case Surroundings.Text.Found(var found) -> {
                var stage = Dockerfile.read(found, context, arguments, target, surroundings);
                if (stage.isEmpty() && !hasCommand) {
                    keys.problem(
                            Codes.COMPOSE_DOCKERFILE,
                            "build",
                            "means " + target.map(name -> "the stage " + name).orElse("a stage") + " of " + file
                                    + ", which is not there",
                            "correct build.target, or write command: with what to run");
                }
                yield stage;
            }
            case Surroundings.Text.Missing() -> {
                refused(keys, "leads to " + file + ", which is not there", hasCommand);
                yield Optional.empty();
            }
            case Surroundings.Text.Unreadable(var why) -> {
                refused(keys, "leads to " + file + ", which cannot be read: " + why, hasCommand);
                yield Optional.empty();
            }
        };
    }

    private static void refused(Keys keys, String what, boolean hasCommand) {
        if (hasCommand) return;
        keys.problem(
                Codes.COMPOSE_DOCKERFILE,
                "build",
                what + ", and the entry has no command",
                "correct build.context or build.dockerfile, or write command: with what to run");
    }
}
