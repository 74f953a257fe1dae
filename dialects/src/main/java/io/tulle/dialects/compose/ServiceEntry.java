package io.tulle.dialects.compose;

import io.tulle.dialects.Codes;
import io.tulle.dialects.compose.ComposeService.Condition;
import io.tulle.dialects.compose.ComposeService.Dependency;
import io.tulle.dialects.compose.ComposeService.HealthCheck;
import io.tulle.dialects.compose.ComposeService.Restart;
import io.tulle.dialects.reader.Node;
import io.tulle.model.Problem.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** One entry of {@code services}, key by key. */
final class ServiceEntry {
    private final String name;
    private final Place place;
    private final Keys keys;
    private final Surroundings surroundings;

    ServiceEntry(String name, Place place, Keys keys, Surroundings surroundings) {
        this.name = name;
        this.place = place;
        this.keys = keys;
        this.surroundings = surroundings;
    }

    ComposeService read() {
        var command = new ArrayList<>(words("entrypoint"));
        command.addAll(words("command"));
        var image = keys.text("image").filter(text -> !text.isEmpty());
        var context = buildContext();
        if (command.isEmpty() && (image.isEmpty() || context.isPresent())) {
            keys.problem(
                    Codes.COMPOSE_NOTHING,
                    "command",
                    context.isPresent()
                            ? "is missing: Tulle starts processes and builds no image; write what the Dockerfile's CMD says"
                            : "is missing, and there is no image that could run elsewhere");
        }
        var workingDirectory =
                keys.text("working_dir").filter(text -> !text.isEmpty()).or(() -> context);
        return new ComposeService(
                name,
                place,
                command,
                image,
                workingDirectory,
                environment(),
                Ports.published(keys),
                Ports.exposed(keys),
                dependsOn(),
                healthCheck(),
                restart(),
                replicas(),
                labels(),
                keys.texts("profiles"));
    }

    private List<String> words(String key) {
        var node = keys.node(key);
        if (node.isEmpty()) return List.of();
        if (node.get() instanceof Node.Sequence) return keys.texts(key);
        var line = keys.text(key).orElse("");
        var words = Words.of(line);
        if (words.isEmpty()) keys.problem(Codes.COMPOSE_COMMAND, key, "has a quote that is not closed");
        return words.orElse(List.of());
    }

    /** Where the sources of an image that Compose would build lie: for a process, the place to run in. */
    private Optional<String> buildContext() {
        var build = keys.node("build");
        if (build.isEmpty() || !(build.get() instanceof Node.Mapping mapping)) return keys.text("build");
        return mapping.get("context")
                .flatMap(node -> node instanceof Node.Text(var _, var text) ? Optional.of(text) : Optional.empty())
                .or(() -> Optional.of("."));
    }

    /**
     * {@code env_file} first, in order; {@code environment} over it. A key without value takes the caller's, and takes
     * the variable away where the caller has none.
     */
    private SortedMap<String, String> environment() {
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

    private SortedMap<String, Dependency> dependsOn() {
        var all = new TreeMap<String, Dependency>();
        var node = keys.node("depends_on");
        if (node.isEmpty()) return all;
        if (!(node.get() instanceof Node.Mapping mapping)) {
            keys.texts("depends_on").forEach(other -> all.put(other, new Dependency(Condition.STARTED, true)));
            return all;
        }
        for (var entry : mapping.entries()) {
            Keys.read(entry.value(), keys.path("depends_on") + "." + entry.key(), keys.problems(), other -> {
                        other.flag("restart"); // about `docker compose restart` alone
                        return new Dependency(
                                condition(other), other.flag("required").orElse(true));
                    })
                    .ifPresent(dependency -> all.put(entry.key(), dependency));
        }
        return all;
    }

    private static Condition condition(Keys dependency) {
        var written = dependency.text("condition").orElse("service_started");
        return switch (written) {
            case "service_started" -> Condition.STARTED;
            case "service_healthy" -> Condition.HEALTHY;
            case "service_completed_successfully" -> Condition.COMPLETED;
            default -> {
                dependency.problem(
                        Codes.COMPOSE_VALUE,
                        "condition",
                        "cannot be '" + written
                                + "'; write service_started, service_healthy or service_completed_successfully");
                yield Condition.STARTED;
            }
        };
    }

    private Optional<HealthCheck> healthCheck() {
        return keys.nested("healthcheck", ServiceEntry::healthCheck).flatMap(found -> found);
    }

    private static Optional<HealthCheck> healthCheck(Keys check) {
        var off = check.flag("disable").orElse(false);
        var written = check.node("test");
        var test = written.flatMap(node -> test(check, node));
        var interval = check.duration("interval").orElse(HealthCheck.INTERVAL);
        var timeout = check.duration("timeout").orElse(HealthCheck.INTERVAL);
        var retries = check.number("retries", 1, 10_000).orElse(HealthCheck.RETRIES);
        var start = check.duration("start_period").orElse(Duration.ZERO);
        var startInterval = check.duration("start_interval").orElse(HealthCheck.START_INTERVAL);
        if (off) test = Optional.of(new HealthCheck.Test.None());
        else if (written.isEmpty()) check.problem(Codes.COMPOSE_VALUE, "test", "is missing");
        return test.map(how -> new HealthCheck(how, interval, timeout, retries, start, startInterval));
    }

    private static Optional<HealthCheck.Test> test(Keys check, Node node) {
        var words = check.texts("test");
        if (words.isEmpty()) return Optional.empty();
        if (!(node instanceof Node.Sequence)) return Optional.of(new HealthCheck.Test.Shell(words.getFirst()));
        var rest = words.subList(1, words.size());
        var how = words.getFirst();
        if (how.equals("NONE")) return Optional.of(new HealthCheck.Test.None());
        if (how.equals("CMD") && !rest.isEmpty()) return Optional.of(new HealthCheck.Test.Exec(rest));
        if (how.equals("CMD-SHELL") && rest.size() == 1) {
            return Optional.of(new HealthCheck.Test.Shell(rest.getFirst()));
        }
        check.problem(
                Codes.COMPOSE_VALUE,
                "test",
                "starts with '" + how + "'; write CMD, CMD-SHELL or NONE, and what to run");
        return Optional.empty();
    }

    private Restart restart() {
        var written = keys.text("restart").orElse("no");
        if (written.equals("no") || written.equals("false")) return new Restart.No();
        if (written.equals("always") || written.equals("unless-stopped")) return new Restart.Always();
        if (written.equals("on-failure")) return new Restart.OnFailure(OptionalInt.empty());
        if (written.matches("on-failure:[0-9]{1,6}")) {
            return new Restart.OnFailure(OptionalInt.of(Integer.parseInt(written.substring(11))));
        }
        keys.problem(
                Codes.COMPOSE_VALUE,
                "restart",
                "cannot be '" + written + "'; write \"no\", always, unless-stopped, on-failure or on-failure:3");
        return new Restart.No();
    }

    private int replicas() {
        var scale = keys.number("scale", 0, 1_000);
        var replicas = keys.nested("deploy", deploy -> deploy.number("replicas", 0, 1_000))
                .flatMap(found -> found);
        return replicas.or(() -> scale).orElse(1);
    }

    private SortedMap<String, String> labels() {
        var all = new TreeMap<String, String>();
        keys.pairs("labels").forEach((key, value) -> all.put(key, value.orElse("")));
        return all;
    }
}
