package io.tulle.control.dashboard;

import io.tulle.control.traffic.Rate;
import io.tulle.dialects.reader.Node;
import io.tulle.model.Problem;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.Service;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.World;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The mesh at one moment, as {@code GET /mesh/overview} tells it.
 *
 * @param sync what an instance's proxy is at: {@code in sync}, {@code behind}, {@code not connected}, {@code rejected …}
 */
record Overview(
        Dashboard.About about,
        Moment moment,
        World world,
        Fleet fleet,
        Function<String, String> sync,
        List<Edge> edges) {
    /** @param omitted edges that are not among these */
    record Moment(Instant now, long omitted, List<Problem> problems) {
        Moment {
            problems = List.copyOf(problems);
        }
    }

    Overview {
        edges = List.copyOf(edges);
    }

    Node document() {
        var fields = new LinkedHashMap<String, Node>();
        fields.put("mesh", Node.of(about.mesh()));
        fields.put("version", Node.of(about.version()));
        fields.put("started", Node.of(about.started().toString()));
        fields.put("time", Node.of(moment.now().toString()));
        fields.put("revision", Node.of(world.revision()));
        fields.put("parties", Node.listOf(parties()));
        fields.put("edges", Node.listOf(edges.stream().map(Overview::edge).toList()));
        fields.put("omittedEdges", Node.of(moment.omitted()));
        fields.put(
                "problems",
                Node.listOf(moment.problems().stream().map(Overview::problem).toList()));
        return Node.mapOf(fields);
    }

    private List<Node> parties() {
        var all = new TreeSet<Party>();
        world.services().keySet().forEach(name -> all.add(Party.of(name)));
        fleet.instances().values().forEach(instance -> all.add(Party.of(instance.service())));
        edges.forEach(edge -> {
            all.add(edge.key().from());
            all.add(edge.key().to());
        });
        var declared = new HashMap<Party, Service>();
        world.services().forEach((name, service) -> declared.put(Party.of(name), service));
        var running = fleet.instances().values().stream()
                .collect(Collectors.groupingBy(instance -> Party.of(instance.service())));
        return all.stream()
                .map(party ->
                        party(party, Optional.ofNullable(declared.get(party)), running.getOrDefault(party, List.of())))
                .toList();
    }

    private Node party(Party party, Optional<Service> declared, List<Instance> instances) {
        var fields = new LinkedHashMap<String, Node>();
        fields.put("id", Node.of(party.id()));
        fields.put("kind", Node.of(party.kind().written()));
        fields.put("namespace", Node.of(party.namespace()));
        fields.put("name", Node.of(party.name()));
        fields.put("ports", texts(ports(declared, instances)));
        fields.put("received", received(party));
        fields.put(
                "instances", Node.listOf(instances.stream().map(this::instance).toList()));
        return Node.mapOf(fields);
    }

    /** As announced by its instances, and declared by a resource where there is one. */
    private static Collection<String> ports(Optional<Service> declared, List<Instance> instances) {
        var ports = new TreeMap<Integer, String>();
        instances.forEach(
                instance -> instance.workload().ports().forEach(port -> ports.put(port.port(), written(port))));
        declared.ifPresent(service -> service.ports().forEach(port -> ports.put(port.port(), written(port))));
        return ports.values();
    }

    private static String written(ServicePort port) {
        var protocol = port.protocol().written();
        return protocol.isEmpty() ? String.valueOf(port.port()) : port.port() + "/" + protocol;
    }

    private Node received(Party party) {
        var to = edges.stream().filter(edge -> edge.key().to().equals(party)).toList();
        return rates(
                to.stream().map(Edge::tenSeconds).reduce(Rate.NONE, Rate::plus),
                to.stream().map(Edge::minute).reduce(Rate.NONE, Rate::plus));
    }

    private Node instance(Instance instance) {
        var fields = new LinkedHashMap<String, Node>();
        fields.put("id", Node.of(instance.id()));
        fields.put("state", Node.of(instance.standing()));
        fields.put("proxy", Node.of(sync.apply(instance.id())));
        fields.put("labels", Node.mapOfTexts(instance.workload().labels()));
        fields.put(
                "doors",
                texts(instance.workload().doors().stream()
                        .map(door -> door.address() + ":" + door.bound())
                        .toList()));
        return Node.mapOf(fields);
    }

    private static Node edge(Edge edge) {
        var fields = new LinkedHashMap<String, Node>();
        fields.put("from", Node.of(edge.key().from().id()));
        fields.put("to", Node.of(edge.key().to().id()));
        fields.put("protocol", Node.of(edge.key().protocol()));
        fields.put("security", Node.of(edge.security().written()));
        fields.put("rates", rates(edge.tenSeconds(), edge.minute()));
        fields.put("total", Node.of(edge.total()));
        fields.put("open", Node.of(edge.open()));
        return Node.mapOf(fields);
    }

    private static Node rates(Rate tenSeconds, Rate minute) {
        var fields = new LinkedHashMap<String, Node>();
        fields.put("tenSeconds", rate(tenSeconds));
        fields.put("minute", rate(minute));
        return Node.mapOf(fields);
    }

    private static Node rate(Rate rate) {
        var fields = new LinkedHashMap<String, Node>();
        fields.put("requests", number(rate.requests()));
        fields.put("failed", number(rate.failed()));
        fields.put("denied", number(rate.denied()));
        fields.put("opened", number(rate.opened()));
        rate.quantile(0.5).ifPresent(millis -> fields.put("p50Millis", number(millis)));
        rate.quantile(0.99).ifPresent(millis -> fields.put("p99Millis", number(millis)));
        return Node.mapOf(fields);
    }

    private static Node problem(Problem problem) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("code", problem.code());
        fields.put("message", problem.message());
        fields.put("fix", problem.fix());
        return Node.mapOfTexts(fields);
    }

    private static Node number(double value) {
        return new Node.Numeral(Node.MADE, BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP));
    }

    private static Node texts(Collection<String> all) {
        return Node.listOf(all.stream().map(Node::of).toList());
    }
}
