package io.tulle.launch.up;

import io.tulle.dialects.compose.ComposeService;
import io.tulle.dialects.compose.ComposeService.Published;
import io.tulle.dialects.compose.Images;
import io.tulle.dialects.kind.Addresses;
import io.tulle.dialects.reader.Node;
import io.tulle.model.Problem;
import io.tulle.model.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * An entry that runs elsewhere, as an Istio ServiceEntry: its name and inner port lead to the port that it publishes on
 * this host, at the address of its first published port; or to the address that {@code x-tulle} says.
 *
 * @param entry its name as written
 * @param at where it is reached, for people: {@code 127.0.0.1:5432}
 * @param document the ServiceEntry
 */
public record ExternalEntry(String entry, String at, Node document) {
    /** @param number as the application dials it */
    private record Port(int number, int target, Protocol protocol) {}

    static Optional<ExternalEntry> of(
            ComposeService service, Optional<String> address, String namespace, List<Problem> problems) {
        if (address.isPresent()) return addressed(service, address.get(), namespace, problems);
        var reachable = service.ports().stream()
                .filter(port -> port.published().isPresent())
                .toList();
        if (reachable.isEmpty()) {
            problems.add(notPublished(service));
            return Optional.empty();
        }
        var ports = reachable.stream()
                .map(port -> new Port(port.target(), port.published().orElse(port.target()), port.protocol()))
                .toList();
        return Optional.of(entry(service, host(reachable.getFirst()), ports, namespace));
    }

    private static Problem notPublished(ComposeService service) {
        var usual = service.image().map(Images::usualPort).orElseGet(OptionalInt::empty);
        var inner = service.ports().stream()
                .mapToInt(Published::target)
                .findFirst()
                .orElse(service.expose().stream()
                        .mapToInt(ComposeService.Exposed::port)
                        .findFirst()
                        .orElse(usual.orElse(0)));
        var port = inner == 0 ? "PORT" : Integer.toString(inner);
        return Problem.warning(
                        UpCode.NOT_PUBLISHED.code(),
                        service.name() + " runs elsewhere and publishes no port, so that nothing here reaches it",
                        "publish the port that it serves: ports: [\"" + port + ":" + port
                                + "\"]; or say where it is: x-tulle: {address: HOST:" + port + "}")
                .at(service.place());
    }

    /** Its ports are those of the entry, else the one that its image usually serves, else that of the address. */
    private static Optional<ExternalEntry> addressed(
            ComposeService service, String address, String namespace, List<Problem> problems) {
        var colon = address.lastIndexOf(':');
        var hasPort = colon > address.lastIndexOf(']');
        var host = (hasPort ? address.substring(0, colon) : address).replaceAll("[\\[\\]]", "");
        var target = hasPort ? OptionalInt.of(Integer.parseInt(address.substring(colon + 1))) : OptionalInt.empty();
        var declared = new TreeMap<Integer, Protocol>();
        service.expose().forEach(port -> declared.put(port.port(), port.protocol()));
        service.ports().forEach(port -> declared.put(port.target(), port.protocol()));
        if (declared.isEmpty()) {
            var usual = service.image().map(Images::usualPort).orElseGet(OptionalInt::empty);
            (usual.isPresent() ? usual : target).ifPresent(port -> declared.put(port, Protocol.UNDECLARED));
        }
        if (declared.isEmpty() || (target.isPresent() && declared.size() > 1)) {
            problems.add(UpCode.WHICH_PORT.problem(
                    service.name() + " is at " + address + ", and its entry names "
                            + (declared.isEmpty() ? "no port" : "several ports"),
                    service.place()));
            return Optional.empty();
        }
        var ports = new ArrayList<Port>();
        declared.forEach((number, protocol) -> ports.add(new Port(number, target.orElse(number), protocol)));
        return Optional.of(entry(service, host, ports, namespace));
    }

    private static ExternalEntry entry(ComposeService service, String host, List<Port> ports, String namespace) {
        var isAddress = Addresses.isAddress(host);
        var metadata = new LinkedHashMap<String, Node>();
        metadata.put("name", Node.of(service.meshName()));
        metadata.put("namespace", Node.of(namespace));
        var spec = new LinkedHashMap<String, Node>();
        spec.put("hosts", Node.listOf(List.of(Node.of(service.meshName()))));
        spec.put("location", Node.of("MESH_EXTERNAL"));
        spec.put("ports", Node.listOf(ports.stream().map(ExternalEntry::port).toList()));
        spec.put("resolution", Node.of(isAddress ? "STATIC" : "DNS"));
        spec.put("endpoints", Node.listOf(List.of(Node.mapOf(Map.of("address", Node.of(host))))));
        var document = new LinkedHashMap<String, Node>();
        document.put("apiVersion", Node.of("networking.istio.io/v1"));
        document.put("kind", Node.of("ServiceEntry"));
        document.put("metadata", Node.mapOf(metadata));
        document.put("spec", Node.mapOf(spec));
        var shown = (host.contains(":") ? "[" + host + "]" : host) + ":"
                + ports.getFirst().target();
        return new ExternalEntry(service.name(), shown, Node.mapOf(document));
    }

    private static Node port(Port port) {
        var fields = new LinkedHashMap<String, Node>();
        fields.put("number", Node.of(port.number()));
        fields.put(
                "name",
                Node.of((port.protocol() == Protocol.UNDECLARED
                                ? "port"
                                : port.protocol().written()) + "-" + port.number()));
        fields.put("targetPort", Node.of(port.target()));
        return Node.mapOf(fields);
    }

    /** What is bound to every address is reached by loopback. */
    private static String host(Published port) {
        return port.host()
                .filter(one -> !one.equals("0.0.0.0") && !one.equals("::"))
                .orElse("127.0.0.1");
    }
}
