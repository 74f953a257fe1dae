package io.tulle.dialects.compose;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.compose.ComposeService.Condition;
import io.tulle.dialects.compose.ComposeService.Dependency;
import io.tulle.dialects.reader.Node;
import io.tulle.model.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads a Compose file. Keys that Tulle does not act on are warnings; what it cannot understand is an error. */
public final class ComposeReader {
    private static final int MOST_SERVICES = 500;

    private final Surroundings surroundings;
    private final Profiles profiles;
    private final List<Problem> problems = new ArrayList<>();
    private final SortedMap<String, ComposeService> services = new TreeMap<>();
    private Optional<String> name = Optional.empty();

    private ComposeReader(Surroundings surroundings, Profiles profiles) {
        this.surroundings = surroundings;
        this.profiles = profiles;
    }

    /** @param files each laid over those before it */
    public static ComposeReading read(List<ComposeText> files, Surroundings surroundings, Profiles profiles) {
        var reader = new ComposeReader(surroundings, profiles);
        new Documents(surroundings, reader.problems).read(files).ifPresent(reader::document);
        return new ComposeReading(new ComposeFile(reader.name, reader.services), sorted(reader.problems));
    }

    private static List<Problem> sorted(List<Problem> problems) {
        return problems.stream()
                .sorted(Comparator.comparing((Problem p) ->
                                p.where().map(Problem.Place::file).orElse(""))
                        .thenComparing(p -> p.where().map(Problem.Place::line).orElse(0))
                        .thenComparing(p -> p.where().map(Problem.Place::column).orElse(0))
                        .thenComparing(Problem::message))
                .distinct()
                .toList();
    }

    private void document(Node document) {
        Keys.read(document, "", problems, top -> {
            top.text("version"); // obsolete, and Compose reads past it too
            name = top.text("name");
            var services = top.node("services");
            if (services.isEmpty()) {
                problems.add(Codes.COMPOSE_NOTHING
                        .problem("the file has no services")
                        .at(top.place()));
            }
            services.ifPresent(this::services);
            return services;
        });
        dependencies();
    }

    private void services(Node node) {
        if (!(node instanceof Node.Mapping mapping)) {
            Keys.read(node, "services", problems, keys -> keys);
            return;
        }
        if (mapping.entries().size() > MOST_SERVICES) {
            problems.add(Codes.COMPOSE_VALUE
                    .problem("services has more than " + MOST_SERVICES + " entries", "split the file")
                    .at(mapping.place()));
            return;
        }
        for (var entry : mapping.entries()) {
            if (!MeshNames.hasAlias(entry.key())) {
                problems.add(Codes.COMPOSE_VALUE
                        .problem(
                                "services." + entry.key() + " cannot name a service",
                                "use letters, digits, '-', '_' and '.', at most 63 of them")
                        .at(entry.keyPlace()));
                continue;
            }
            var own = profiles.want(profilesOf(entry.value())) ? problems : new ArrayList<Problem>();
            if (!MeshNames.alias(entry.key()).equals(entry.key())) {
                own.add(Codes.COMPOSE_ALIAS
                        .problem("services." + entry.key() + " is called " + MeshNames.alias(entry.key())
                                + " in the mesh, and by its own name in your code")
                        .at(entry.keyPlace()));
            }
            Keys.read(
                            entry.value(),
                            "services." + entry.key(),
                            own,
                            keys -> new ServiceEntry(entry.key(), entry.keyPlace(), keys, surroundings).read())
                    .ifPresent(service -> services.put(entry.key(), service));
        }
    }

    /** Looked at before anything else is: whether the rest of it matters. */
    private static List<String> profilesOf(Node entry) {
        return entry.at("profiles").orElse(Node.Mapping.EMPTY) instanceof Node.Sequence(var _, var items)
                ? items.stream()
                        .flatMap(item -> item instanceof Node.Text(var _, var text) ? Stream.of(text) : Stream.of())
                        .toList()
                : List.of();
    }

    private void dependencies() {
        var wanted = services.values().stream()
                .filter(service -> profiles.want(service.profiles()))
                .toList();
        MeshNames.meet(wanted, problems);
        for (var service : wanted) {
            service.dependsOn().forEach((other, dependency) -> {
                if (services.containsKey(other) || !dependency.required()) return;
                problems.add(Codes.COMPOSE_DEPENDENCY
                        .problem(service.name() + " depends on " + other + ", which the file does not have")
                        .at(service.place()));
            });
            if (reaches(service.name(), service.name(), new HashSet<>())) {
                problems.add(Codes.COMPOSE_DEPENDENCY
                        .problem(service.name() + " depends on itself, perhaps by way of others")
                        .at(service.place()));
            }
            needsHealth(service);
        }
    }

    private void needsHealth(ComposeService service) {
        service.dependsOn().forEach((other, dependency) -> {
            var target = Optional.ofNullable(services.get(other));
            var waits = dependency.equals(new Dependency(Condition.HEALTHY, dependency.required()));
            if (!waits || target.isEmpty() || target.get().healthCheck().isPresent()) return;
            problems.add(Codes.COMPOSE_DEPENDENCY
                    .warning(
                            service.name() + " waits for " + other + " to be healthy, which has no healthcheck",
                            "add a healthcheck to " + other + ", or wait for service_started")
                    .at(service.place()));
        });
    }

    private boolean reaches(String from, String wanted, Set<String> seen) {
        var service = Optional.ofNullable(services.get(from));
        if (service.isEmpty() || !seen.add(from)) return false;
        return service.get().dependsOn().keySet().stream()
                .anyMatch(next -> next.equals(wanted) || reaches(next, wanted, seen));
    }
}
