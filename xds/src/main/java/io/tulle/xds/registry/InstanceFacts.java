package io.tulle.xds.registry;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an instance announces.
 *
 * @param address and {@code meshPort}: where its sidecar listens for peers
 * @param capabilities what its proxy can do beyond xDS ({@code nest-tcp})
 * @param version the sidecar's
 */
public record InstanceFacts(
        String id,
        String namespace,
        String service,
        String account,
        SortedMap<String, String> labels,
        String address,
        int meshPort,
        List<Port> ports,
        List<Door> doors,
        SortedSet<String> capabilities,
        String version) {
    public InstanceFacts {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        ports = List.copyOf(ports);
        doors = List.copyOf(doors);
        capabilities = Collections.unmodifiableSortedSet(new TreeSet<>(capabilities));
    }

    /** Without labels, doors and capabilities. */
    public static InstanceFacts of(String id, String namespace, String service, String address, int meshPort) {
        return new InstanceFacts(
                id,
                namespace,
                service,
                service,
                new TreeMap<>(Map.of()),
                address,
                meshPort,
                List.of(),
                List.of(),
                new TreeSet<>(),
                "");
    }

    /** A port that the application serves; the protocol as users write it, empty when undeclared. */
    public record Port(int port, String protocol) {}

    /** A plaintext door that its sidecar publishes: {@code address:bound} leads to the declared port. */
    public record Door(int port, String address, int bound) {}
}
