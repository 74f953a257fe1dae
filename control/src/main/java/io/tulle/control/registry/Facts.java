package io.tulle.control.registry;

import java.util.List;
import java.util.Map;

/**
 * What an instance says of itself, as it came in and unchecked; {@link FactsReader} makes an {@code Instance} of it.
 *
 * @param software the sidecar's version, for {@code tulle ps}
 */
public record Facts(
        String instance,
        String namespace,
        String service,
        String account,
        Map<String, String> labels,
        String address,
        int meshPort,
        List<Port> ports,
        List<Door> doors,
        List<String> capabilities,
        String software) {
    public Facts {
        labels = Map.copyOf(labels);
        ports = List.copyOf(ports);
        doors = List.copyOf(doors);
        capabilities = List.copyOf(capabilities);
    }

    /** @param protocol as users write it, {@code nest-tcp}; empty for undeclared */
    public record Port(int port, String protocol) {}

    public record Door(int port, String address, int bound) {}
}
