package io.tulle.it.policies;

import io.tulle.dialects.Checks;
import io.tulle.dialects.MessageChecks;
import io.tulle.dialects.ResourceReader;
import io.tulle.dialects.WorldReader;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import io.tulle.model.Problem;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Workload;
import io.tulle.model.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One folder of goldens, read.
 *
 * @param fleet of {@code fleet.yaml} beside the documents, else of the one that all cases share
 */
record Case(Path folder, World world, String problems, Fleet fleet, List<Ask> asks) {
    static final List<String> ROOTS = List.of();
    static final World NOTHING =
            WorldReader.read(0, MeshSettings.DEFAULT, List.of()).world();

    private static final String NAMESPACE = "shop";

    /**
     * A question.
     *
     * @param at the instance whose proxy is asked
     * @param from the account of the caller, for a question to the proxy of the service that is called; empty where {@code at}
     *     itself is the caller
     * @param host whom the caller dials; empty for a question about what comes in
     */
    record Ask(
            String at, String from, String host, int port, String method, String target, Map<String, String> headers) {}

    static Case read(Path cases, Path folder) throws IOException {
        var own = folder.resolve("fleet.yaml");
        var fleet = fleet(Files.exists(own) ? own : cases.resolve("fleet.yaml"));
        var text = Files.readAllBytes(folder.resolve("input.yaml"));
        var read = ResourceReader.read(new Reader().read("input.yaml", text), NAMESPACE);
        var reading = WorldReader.read(1, MeshSettings.DEFAULT, read.resources());
        var problems = new ArrayList<>(read.problems());
        problems.addAll(reading.problems());
        var services =
                fleet.instances().values().stream().map(Instance::service).collect(Collectors.toSet());
        problems.addAll(Checks.run(reading.world(), read.resources(), services));
        problems.addAll(MessageChecks.run(reading.world(), read.resources(), ports(fleet)));
        var told = problems.stream()
                .distinct()
                .map(p -> (p.severity() == Problem.Severity.WARNING ? "warning " : "error ") + p.explained() + "\n")
                .collect(Collectors.joining());
        return new Case(folder, reading.world(), told, fleet, asks(folder.resolve("asks.yaml")));
    }

    Path golden(String name) {
        return folder.resolve(name);
    }

    /** The instances that are asked, each once, in the order of their first question. */
    List<String> nodes() {
        return asks.stream().map(Ask::at).distinct().toList();
    }

    Instance instance(String id) {
        var found = fleet.instances().get(id);
        if (found == null) throw new NoSuchElementException("the fleet has no " + id);
        return found;
    }

    private static Map<String, List<ServicePort>> ports(Fleet fleet) {
        return fleet.instances().values().stream()
                .collect(Collectors.toMap(
                        i -> i.service().host(),
                        i -> i.workload().ports(),
                        (one, other) -> Stream.concat(one.stream(), other.stream())
                                .distinct()
                                .toList()));
    }

    private static Fleet fleet(Path file) throws IOException {
        var all = new ArrayList<Instance>();
        for (var node : items(file)) {
            var id = text(node, "id", "");
            var namespace = text(node, "namespace", NAMESPACE);
            var service = new ServiceName(namespace, text(node, "service", id.replaceFirst("-\\d+$", "")));
            var number = 10 + all.size();
            all.add(Instance.of(
                    Workload.of(
                            id,
                            service,
                            text(node, "account", service.name()),
                            texts(node, "labels"),
                            "10.0.0." + number,
                            15006,
                            list(node, "ports").stream().map(Case::port).toList(),
                            List.of()),
                    new TreeSet<>(Set.of(text(node, "proxy", "nest-tcp"))),
                    Instance.Liveness.LIVE));
        }
        return Fleet.of(1, all);
    }

    private static ServicePort port(String written) {
        var parts = written.split("/", 2);
        var protocol = parts.length == 1
                ? Protocol.UNDECLARED
                : Protocol.parse(parts[1]).orElseThrow();
        return new ServicePort(Integer.parseInt(parts[0]), protocol);
    }

    private static List<Ask> asks(Path file) throws IOException {
        var all = new ArrayList<Ask>();
        for (var node : items(file)) {
            var to = text(node, "to", "").split(":", 2);
            all.add(new Ask(
                    text(node, "at", ""),
                    text(node, "from", ""),
                    to[0],
                    Integer.parseInt(to[1]),
                    text(node, "method", "GET"),
                    text(node, "path", "/"),
                    texts(node, "headers")));
        }
        return all;
    }

    private static List<Node> items(Path file) throws IOException {
        var read = new Reader().read(file.toString(), Files.readAllBytes(file));
        if (!read.isClean()) throw new IllegalArgumentException(read.problems().toString());
        return read.documents().getFirst() instanceof Node.Sequence(var _, var items) ? items : List.of();
    }

    private static String text(Node node, String key, String otherwise) {
        return node.at(key).map(Case::text).orElse(otherwise);
    }

    private static String text(Node node) {
        return switch (node) {
            case Node.Text(var _, var value) -> value;
            case Node.Numeral(var _, var value) -> value.toPlainString();
            default -> throw new IllegalArgumentException("not a text: " + node);
        };
    }

    private static List<String> list(Node node, String key) {
        return node.at(key).orElse(Node.Mapping.EMPTY) instanceof Node.Sequence(var _, var items)
                ? items.stream().map(Case::text).toList()
                : List.of();
    }

    private static Map<String, String> texts(Node node, String key) {
        var all = new TreeMap<String, String>();
        if (node.at(key).orElse(Node.Mapping.EMPTY) instanceof Node.Mapping mapping) {
            mapping.entries().forEach(entry -> all.put(entry.key(), text(entry.value())));
        }
        return all;
    }
}
