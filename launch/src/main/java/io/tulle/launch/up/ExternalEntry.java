package io.tulle.launch.up;

import io.tulle.dialects.compose.ComposeService;
import io.tulle.dialects.compose.ComposeService.Published;
import io.tulle.dialects.reader.Node;
import io.tulle.model.Problem;
import io.tulle.model.Protocol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An entry with only an image, as an Istio ServiceEntry: its name and inner port lead to the port that it publishes on
 * this host, at the address of its first published port.
 */
final class ExternalEntry {
    private ExternalEntry() {}

    static Optional<Node> of(ComposeService service, String namespace, List<Problem> problems) {
        var reachable = service.ports().stream()
                .filter(port -> port.published().isPresent())
                .toList();
        if (reachable.isEmpty()) {
            problems.add(UpCode.NOT_PUBLISHED.warning(
                    service.name() + " has only an image and publishes no port, so that nothing here reaches it",
                    service.place()));
            return Optional.empty();
        }
        var metadata = new LinkedHashMap<String, Node>();
        metadata.put("name", Node.of(service.name()));
        metadata.put("namespace", Node.of(namespace));
        var spec = new LinkedHashMap<String, Node>();
        spec.put("hosts", Node.listOf(List.of(Node.of(service.name()))));
        spec.put("location", Node.of("MESH_EXTERNAL"));
        spec.put(
                "ports", Node.listOf(reachable.stream().map(ExternalEntry::port).toList()));
        spec.put("resolution", Node.of("STATIC"));
        spec.put("endpoints", Node.listOf(List.of(endpoint(reachable.getFirst()))));
        var document = new LinkedHashMap<String, Node>();
        document.put("apiVersion", Node.of("networking.istio.io/v1"));
        document.put("kind", Node.of("ServiceEntry"));
        document.put("metadata", Node.mapOf(metadata));
        document.put("spec", Node.mapOf(spec));
        return Optional.of(Node.mapOf(document));
    }

    private static Node port(Published port) {
        var fields = new LinkedHashMap<String, Node>();
        fields.put("number", Node.of(port.target()));
        fields.put(
                "name",
                Node.of((port.protocol() == Protocol.UNDECLARED
                                ? "port"
                                : port.protocol().written()) + "-" + port.target()));
        fields.put("targetPort", Node.of(port.published().orElse(port.target())));
        return Node.mapOf(fields);
    }

    /** What is bound to every address is reached by loopback. */
    private static Node endpoint(Published port) {
        var host = port.host()
                .filter(one -> !one.equals("0.0.0.0") && !one.equals("::"))
                .orElse("127.0.0.1");
        return Node.mapOf(Map.of("address", Node.of(host)));
    }
}
