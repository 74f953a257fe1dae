package io.tulle.control.registry;

import io.tulle.model.world.Claimant;
import io.tulle.model.world.Serving;
import java.util.List;
import java.util.Map;

/**
 * What an instance says of itself, as it came in and unchecked; {@link FactsReader} makes an {@code Instance} of it.
 *
 * @param software the sidecar's version, for {@code tulle ps}
 * @param serving which of the ports are listened on now
 * @param host names the machine and its boot; empty where it is not known
 * @param claimant which run speaks for the instance
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
        String software,
        Serving serving,
        String host,
        Claimant claimant) {
    public Facts {
        labels = Map.copyOf(labels);
        ports = List.copyOf(ports);
        doors = List.copyOf(doors);
        capabilities = List.copyOf(capabilities);
    }

    /** Of an application that serves all of its ports. */
    public Facts(
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
        this(
                instance,
                namespace,
                service,
                account,
                labels,
                address,
                meshPort,
                ports,
                doors,
                capabilities,
                software,
                Serving.ALL,
                "",
                Claimant.UNTOLD);
    }

    /** @param protocol as users write it, {@code nest-tcp}; empty for undeclared */
    public record Port(int port, String protocol) {}

    public record Door(int port, String address, int bound) {}
}
