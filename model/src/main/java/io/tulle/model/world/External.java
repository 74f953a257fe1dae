package io.tulle.model.world;

import io.tulle.model.Protocol;
import java.util.List;
import java.util.Optional;

/**
 * Something outside the mesh that services of it depend on (Istio's ServiceEntry with location MESH_EXTERNAL; an image in
 * a Compose file): reached as it is, seen as a dependency.
 *
 * @param hosts names that mean it, lower-case
 * @param addresses addresses that mean it
 */
public record External(
        ResourceRef source, List<String> hosts, List<String> addresses, List<Port> ports, Resolution resolution) {
    public External {
        hosts = List.copyOf(hosts);
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
    }

    /** A port as applications dial it; {@code target} is where it really listens. */
    public record Port(int number, Protocol protocol, int target) {}

    /** How its endpoints are found. */
    public sealed interface Resolution {
        /** As written, each an address and optionally a port per port number. */
        record Static(List<Endpoint> endpoints) implements Resolution {
            public Static {
                endpoints = List.copyOf(endpoints);
            }
        }

        /** By DNS, of the name given or, where there is none, of the host dialled. */
        record Dns(Optional<String> name) implements Resolution {}
    }

    /** One place; a port of the map's absence means the target port. */
    public record Endpoint(String address, Optional<Integer> port) {}
}
