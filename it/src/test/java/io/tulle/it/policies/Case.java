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
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One folder of goldens, read.
 *
 * @param cast of {@code fleet.yaml} beside the documents, else of the one that all cases share
 */
record Case(Path folder, World world, String problems, Cast cast, List<Ask> asks) {
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

    /** Who is there: the fleet, and servers outside of the mesh. */
    record Cast(Fleet fleet, List<Server> outside) {}

    /** A server that knows nothing of the mesh, at an address of loopback. */
    record Server(String id, String address, List<ServicePort> ports) {}

    static Case read(Path cases, Path folder) throws IOException {
        var own = folder.resolve("fleet.yaml");
        var cast = cast(Files.exists(own) ? own : cases.resolve("fleet.yaml"));
        var fleet = cast.fleet();
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
        return new Case(folder, reading.world(), told, cast, asks(folder.resolve("asks.yaml")));
    }

    /** The folders that hold this file, in order; only those whose name begins as the system property {@code policies} says, if it is set. */
    static List<Path> folders(Path cases, String file) throws IOException {
        var wanted = System.getProperty("policies", "");
        try (var files = Files.walk(cases)) {
            return files.filter(path -> path.endsWith(file))
                    .map(Path::getParent)
                    .filter(folder -> cases.relativize(folder).toString().startsWith(wanted))
                    .sorted()
                    .toList();
        }
    }

    Fleet fleet() {
        return cast.fleet();
    }

    Path golden(String name) {
        return folder.resolve(name);
    }

    /** The instances that are asked, each once, in the order of their first question; without questions those that call. */
    List<String> nodes() throws IOException {
        if (!asks.isEmpty()) return asks.stream().map(Ask::at).distinct().toList();
        return requests().stream()
                .map(request -> request.call().at())
                .filter(at -> !at.equals(Call.OUTSIDE))
                .distinct()
                .toList();
    }

    List<Request> requests() throws IOException {
        var file = folder.resolve(Request.FILE);
        return Files.exists(file) ? Request.read(file) : List.of();
    }

    Instance instance(String id) {
        var found = fleet().instances().get(id);
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

    private static Cast cast(Path file) throws IOException {
        var instances = new ArrayList<Instance>();
        var outside = new ArrayList<Server>();
        for (var item : items(file)) {
            read(file, item, fields -> {
                var id = fields.required("id");
                var ports = fields.texts("ports").stream().map(Case::port).toList();
                fields.text("outside")
                        .ifPresentOrElse(
                                address -> outside.add(new Server(id, address, ports)),
                                () -> instances.add(instance(fields, id, ports, 10 + instances.size())));
                return id;
            });
        }
        return new Cast(Fleet.of(1, instances), outside);
    }

    private static Instance instance(Fields fields, String id, List<ServicePort> ports, int number) {
        var namespace = fields.text("namespace", NAMESPACE);
        var service = new ServiceName(namespace, fields.text("service", id.replaceFirst("-\\d+$", "")));
        var labels = new TreeMap<String, String>();
        fields.byName("labels").forEach((name, value) -> labels.put(name, value.orElse("")));
        var account = fields.text("account", service.name());
        return Instance.of(
                Workload.of(id, service, account, labels, "10.0.0." + number, 15006, ports, List.of()),
                new TreeSet<>(Set.of(fields.text("proxy", "nest-tcp"))),
                Instance.Liveness.LIVE);
    }

    private static ServicePort port(String written) {
        var parts = written.split("/", 2);
        var protocol = parts.length == 1
                ? Protocol.UNDECLARED
                : Protocol.parse(parts[1]).orElseThrow();
        return new ServicePort(Integer.parseInt(parts[0]), protocol);
    }

    private static List<Ask> asks(Path file) throws IOException {
        if (!Files.exists(file)) return List.of();
        var all = new ArrayList<Ask>();
        for (var item : items(file)) {
            all.add(read(file, item, fields -> {
                var to = fields.required("to").split(":", 2);
                var headers = new TreeMap<String, String>();
                fields.byName("headers").forEach((name, value) -> headers.put(name, value.orElse("")));
                return new Ask(
                        fields.required("at"),
                        fields.text("from", ""),
                        to[0],
                        Integer.parseInt(to[1]),
                        fields.text("method", "GET"),
                        fields.text("path", "/"),
                        headers);
            }));
        }
        return all;
    }

    static <T> T read(Path file, Node item, Function<Fields, T> reading) {
        var wrong = new ArrayList<String>();
        var read = Fields.read(item, wrong, reading);
        if (!wrong.isEmpty()) throw new AssertionError(file + "\n" + String.join("\n", wrong));
        return read;
    }

    static List<Node> items(Path file) throws IOException {
        var read = new Reader().read(file.toString(), Files.readAllBytes(file));
        if (!read.isClean()) throw new IllegalArgumentException(read.problems().toString());
        return Fields.items(read.documents().getFirst());
    }
}
