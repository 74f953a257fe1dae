package io.tulle.launch.hook;

import io.tulle.dialects.reader.Node;
import io.tulle.model.Protocol;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a hook knows of the mesh: which names and addresses lead to the sidecar. Sent whole at each change.
 *
 * @param names every name that means a service or an external entry, lower-case, to the canonical one
 * @param services by canonical name
 * @param addresses {@code ip:port} of what is known by address, to the canonical name
 */
public record HookTable(
        SortedMap<String, String> names, SortedMap<String, Service> services, SortedMap<String, String> addresses) {
    public static final HookTable EMPTY = new HookTable(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    public HookTable {
        names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
        addresses = Collections.unmodifiableSortedMap(new TreeMap<>(addresses));
    }

    /**
     * A destination.
     *
     * @param local whether it is of the application's own namespace, so that {@code localhost:PORT} may mean it
     */
    public record Service(SortedMap<Integer, Protocol> ports, boolean local) {
        public Service {
            ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
        }
    }

    Node.Mapping toJson() {
        var byName = new LinkedHashMap<String, Node>();
        services.forEach((name, service) -> {
            var protocols = new LinkedHashMap<String, String>();
            service.ports().forEach((port, protocol) -> protocols.put(port.toString(), protocol.written()));
            byName.put(
                    name,
                    Node.mapOf(ordered(Map.of(
                            "ports",
                                    Node.listOf(service.ports().keySet().stream()
                                            .map(port -> Node.of(port.longValue()))
                                            .toList()),
                            "protocols", Node.mapOfTexts(protocols),
                            "local", Node.of(service.local())))));
        });
        return Node.mapOf(ordered(Map.of(
                "revision", Node.of(Integer.toHexString(hashCode())),
                "names", Node.mapOfTexts(names),
                "services", Node.mapOf(byName),
                "addresses", Node.mapOfTexts(addresses))));
    }

    private static Map<String, Node> ordered(Map<String, Node> fields) {
        return new TreeMap<>(fields);
    }
}
