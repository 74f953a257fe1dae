package io.tulle.launch.up;

import io.tulle.dialects.compose.ComposeService;
import io.tulle.dialects.compose.ComposeService.Condition;
import io.tulle.dialects.compose.ComposeService.HealthCheck;
import io.tulle.launch.capture.Capture;
import io.tulle.launch.health.Question;
import io.tulle.launch.up.Launch.Need;
import io.tulle.model.Problem;
import io.tulle.model.ServiceName;
import io.tulle.model.world.WorkloadNames;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes the launches of one entry after the other. */
final class EntryPlanner {
    /** These would steer the JVM of {@code tulle run}, or its sidecar, too, and are for the application alone. */
    private static final Set<String> OF_THE_APPLICATION = Set.of(
            "JAVA_TOOL_OPTIONS",
            "JDK_JAVA_OPTIONS",
            "_JAVA_OPTIONS",
            "JAVA_HOME",
            "CLASSPATH",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");

    private final String project;
    private final Overrides overrides;
    private final SortedMap<String, ComposeService> wanted;
    private final List<Problem> problems;

    EntryPlanner(
            String project, Overrides overrides, SortedMap<String, ComposeService> wanted, List<Problem> problems) {
        this.project = project;
        this.overrides = overrides;
        this.wanted = wanted;
        this.problems = problems;
    }

    List<Launch> launches(ComposeService service) {
        var labels = TulleLabels.of(service, problems);
        var ports = PortPlan.of(service, labels, problems);
        var name = serviceName(service);
        if (!ServiceName.isLabel(name)) {
            problems.add(UpCode.BAD_NAME.problem(
                    "'" + name + "', the label app of " + service.name() + ", cannot name a service", service.place()));
        }
        var needs = needs(service);
        var health = health(service, labels, ports);
        var folder = overrides.folder().toAbsolutePath().normalize();
        return IntStream.rangeClosed(1, replicas(service))
                .mapToObj(number -> new Launch(
                        name(service, number),
                        service.name(),
                        options(service, labels, ports, number),
                        command(service),
                        environment(service),
                        folder.resolve(service.workingDirectory().orElse("")).normalize(),
                        needs,
                        health,
                        service.restart()))
                .toList();
    }

    /** What must not reach the launcher goes by {@code env}, after the launcher. */
    private static List<String> command(ComposeService service) {
        var late = service.environment().entrySet().stream()
                .filter(variable -> OF_THE_APPLICATION.contains(variable.getKey()))
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();
        if (late.isEmpty()) return service.command();
        return Stream.of(List.of("env"), late, service.command())
                .flatMap(List::stream)
                .toList();
    }

    private static SortedMap<String, String> environment(ComposeService service) {
        var early = new TreeMap<>(service.environment());
        early.keySet().removeAll(OF_THE_APPLICATION);
        return early;
    }

    private int replicas(ComposeService service) {
        return overrides.scale().getOrDefault(service.name(), service.replicas());
    }

    private String name(ComposeService service, int number) {
        var name = service.meshName() + "-" + number;
        if (!ServiceName.isLabel(name)) {
            problems.add(UpCode.BAD_NAME.problem("'" + name + "' cannot name an instance", service.place()));
        }
        return name;
    }

    private List<String> options(ComposeService service, TulleLabels labels, PortPlan ports, int replica) {
        var all = new ArrayList<String>(List.of("--service", serviceName(service), "--namespace", project));
        overrides.mesh().ifPresent(mesh -> all.addAll(List.of("--mesh", mesh)));
        labels.mesh().forEach((key, value) -> all.addAll(List.of("--label", key + "=" + value)));
        all.addAll(ports.options(replica));
        aliases(service).forEach((alias, meant) -> all.addAll(List.of("--alias", alias + "=" + meant)));
        var capture = labels.capture().orElse(overrides.capture());
        if (capture != Capture.Requested.AUTO) {
            all.addAll(List.of("--capture", capture.name().toLowerCase(Locale.ROOT)));
        }
        return all;
    }

    /** The names by which Docker would find the others, and the mesh's own for each. */
    private SortedMap<String, String> aliases(ComposeService service) {
        var all = new TreeMap<String, String>();
        for (var other : wanted.values()) {
            var name = serviceName(other);
            // Where several entries are versions of one service, none of them has a name of its own in the mesh.
            if (wanted.values().stream()
                            .filter(one -> serviceName(one).equals(name))
                            .count()
                    > 1) continue;
            other.alsoCalled().forEach(alias -> all.put(alias, name));
            if (!name.equals(other.meshName())) all.put(other.meshName(), name);
        }
        service.links()
                .forEach((alias, meant) -> Optional.ofNullable(wanted.get(meant))
                        .map(EntryPlanner::serviceName)
                        .filter(name -> !name.equals(alias))
                        .ifPresent(name -> all.put(alias, name)));
        return all;
    }

    private static String serviceName(ComposeService service) {
        return WorkloadNames.serviceOf(service.labels(), service.meshName());
    }

    private List<Need> needs(ComposeService service) {
        var needs = new ArrayList<Need>();
        service.dependsOn().forEach((entry, dependency) -> {
            var other = Optional.ofNullable(wanted.get(entry));
            if (other.isPresent() && other.get().isExternal()) {
                if (dependency.condition() == Condition.STARTED) return;
                problems.add(UpCode.NOT_WATCHED.warning(
                        service.name() + " waits for " + entry + ", which Tulle does not run; it counts as there",
                        service.place()));
            } else if (other.isPresent() && replicas(other.get()) > 0) {
                needs.add(new Need(entry, dependency.condition()));
            } else if (dependency.required()) {
                problems.add(UpCode.NOT_STARTED_HERE.problem(
                        service.name() + " depends on " + entry + ", which is not among those to start",
                        service.place()));
            }
        });
        return needs;
    }

    private Optional<Question.Wanted> health(ComposeService service, TulleLabels labels, PortPlan ports) {
        var url = labels.healthPath().flatMap(path -> url(service, labels, ports, path));
        if (url.isPresent())
            return Optional.of(new Question.Wanted(service.healthCheck().orElse(Question.USUAL), url));
        return service.healthCheck()
                .filter(check -> !(check.test() instanceof HealthCheck.Test.None))
                .map(check -> new Question.Wanted(check, Optional.empty()));
    }

    private Optional<URI> url(ComposeService service, TulleLabels labels, PortPlan ports, String path) {
        var port =
                labels.healthPort().or(() -> ports.declared().keySet().stream().findFirst());
        try {
            if (port.isPresent()) return Optional.of(URI.create("http://127.0.0.1:" + port.get() + path));
            problems.add(UpCode.BAD_LABEL.problem(
                    service.name() + " has a label tulle.health.path and no port to ask", service.place()));
        } catch (IllegalArgumentException _) {
            problems.add(UpCode.BAD_LABEL.problem(
                    service.name() + " has a label tulle.health.path that is no path of a URL", service.place()));
        }
        return Optional.empty();
    }
}
