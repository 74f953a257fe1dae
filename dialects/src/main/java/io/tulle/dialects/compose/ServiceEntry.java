package io.tulle.dialects.compose;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.compose.ComposeService.Condition;
import io.tulle.dialects.compose.ComposeService.Dependency;
import io.tulle.dialects.compose.ComposeService.Exposed;
import io.tulle.dialects.compose.ComposeService.HealthCheck;
import io.tulle.dialects.compose.ComposeService.Published;
import io.tulle.dialects.compose.ComposeService.Restart;
import io.tulle.dialects.compose.ComposeService.Role;
import io.tulle.dialects.reader.Node;
import io.tulle.model.Problem.Place;
import io.tulle.model.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

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
        var process = ProcessKeys.read(keys, surroundings);
        var isExternal = process.role() instanceof Role.External;
        var environment = new TreeMap<>(process.environment());
        environment.putAll(EnvironmentKeys.read(keys, surroundings));
        var ports = Ports.published(keys);
        var service = new ComposeService(
                name,
                place,
                MeshNames.alias(name),
                names(),
                links(),
                process.role(),
                process.command(),
                keys.text("image").filter(text -> !text.isEmpty()),
                process.workingDirectory(),
                environment,
                ports,
                exposed(ports, process.ports()),
                dependsOn(),
                healthCheck(),
                restart(),
                replicas(),
                labels(),
                keys.texts("profiles"));
        if (isExternal) keys.ignoreRest(); // what the others say is for the one who runs it
        return service;
    }

    /** EXPOSE of the image counts where the entry says nothing of the port. */
    private List<Exposed> exposed(List<Published> ports, Set<Integer> ofImage) {
        var all = new ArrayList<>(Ports.exposed(keys));
        for (var port : ofImage) {
            if (ports.stream().anyMatch(one -> one.target() == port)) continue;
            if (all.stream().noneMatch(one -> one.port() == port)) all.add(new Exposed(port, Protocol.UNDECLARED));
        }
        return all;
    }

    /** By which others reach it besides its name: its container's name, and its aliases in networks. */
    private SortedSet<String> names() {
        var all = new TreeSet<String>();
        all.add(MeshNames.plain(name));
        keys.text("container_name")
                .filter(MeshNames::isName)
                .map(MeshNames::plain)
                .ifPresent(all::add);
        keys.text("hostname"); // its own name for itself: no other container finds it by that
        if (keys.look("networks").orElse(Node.Mapping.EMPTY) instanceof Node.Mapping networks) {
            networks.entries()
                    .forEach(network -> network.value()
                            .at("aliases")
                            .ifPresent(list ->
                                    keys.texts(list, keys.path("networks." + network.key() + ".aliases")).stream()
                                            .filter(MeshNames::isName)
                                            .map(MeshNames::plain)
                                            .forEach(all::add)));
        }
        all.remove(MeshNames.alias(name));
        return all;
    }

    /** {@code links: [db:database]}: names for this entry alone. */
    private SortedMap<String, String> links() {
        var all = new TreeMap<String, String>();
        for (var link : keys.texts("links")) {
            var colon = link.indexOf(':');
            if (colon > 0) all.put(MeshNames.plain(link.substring(colon + 1)), link.substring(0, colon));
        }
        return all;
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
        if (written.equals("false")) return new Restart.No(); // YAML's no
        var read = Restart.parse(written);
        if (read.isPresent()) return read.get();
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
