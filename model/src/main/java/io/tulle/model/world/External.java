package io.tulle.model.world;

import io.tulle.model.Protocol;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Something outside the mesh that services of it depend on (Istio's ServiceEntry with location MESH_EXTERNAL; an image in
 * a Compose file): reached as it is, seen as a dependency.
 *
 * @param hosts names that mean it, lower-case
 * @param addresses addresses that mean it, and blocks of them
 * @param exportedTo the clients that see it
 * @param created when the resource was made: of two for one host that cannot be one, the older holds
 * @param subjectAltNames names of which its servers must prove one where they are spoken to by TLS and no rule names any
 * @param parts what it was joined of; empty for one that stands as it was declared
 */
public record External(
        ResourceRef source,
        List<String> hosts,
        List<String> addresses,
        List<Port> ports,
        Resolution resolution,
        Visibility exportedTo,
        Instant created,
        List<String> subjectAltNames,
        List<External> parts) {
    public External {
        hosts = List.copyOf(hosts);
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
        subjectAltNames = List.copyOf(subjectAltNames);
        parts = List.copyOf(parts);
    }

    /** One of which nobody says how its servers prove themselves. */
    public External(
            ResourceRef source,
            List<String> hosts,
            List<String> addresses,
            List<Port> ports,
            Resolution resolution,
            Visibility exportedTo,
            Instant created) {
        this(source, hosts, addresses, ports, resolution, exportedTo, created, List.of(), List.of());
    }

    /** One that every client sees. */
    public External(
            ResourceRef source, List<String> hosts, List<String> addresses, List<Port> ports, Resolution resolution) {
        this(source, hosts, addresses, ports, resolution, Visibility.EVERYWHERE, Instant.EPOCH);
    }

    /** Whether a younger one for the same host adds to this one, by Istio's rule. */
    public boolean addsTo(External younger) {
        return source.namespace().equals(younger.source.namespace())
                && resolution.getClass() == younger.resolution.getClass()
                && exportedTo.equals(younger.exportedTo);
    }

    /** Both as one for a host: ports and addresses of both, and of a port that both have, this one's protocol. */
    public External joined(External younger) {
        var allPorts = new TreeMap<Integer, Port>();
        Stream.concat(ports.stream(), younger.ports.stream())
                .forEach(port -> allPorts.putIfAbsent(port.number(), port));
        var allParts = Stream.concat(parts.isEmpty() ? Stream.of(this) : parts.stream(), Stream.of(younger));
        return new External(
                source,
                hosts,
                Stream.concat(addresses.stream(), younger.addresses.stream())
                        .distinct()
                        .toList(),
                List.copyOf(allPorts.values()),
                resolution,
                exportedTo,
                created,
                Stream.concat(subjectAltNames.stream(), younger.subjectAltNames.stream())
                        .distinct()
                        .toList(),
                allParts.toList());
    }

    /** The same for one of its hosts. */
    public External of(String host) {
        return new External(
                source, List.of(host), addresses, ports, resolution, exportedTo, created, subjectAltNames, parts);
    }

    /** How the endpoints of one port are found: by what declares the port, where it was joined of several. */
    public Resolution resolutionOf(Port port) {
        var declaring = parts.stream()
                .filter(part -> part.ports.stream().anyMatch(p -> p.number() == port.number()))
                .map(External::resolution)
                .toList();
        if (declaring.isEmpty()) return resolution;
        return switch (declaring.getFirst()) {
            case Resolution.Static _ ->
                new Resolution.Static(declaring.stream()
                        .flatMap(each ->
                                each instanceof Resolution.Static(var endpoints) ? endpoints.stream() : Stream.of())
                        .distinct()
                        .toList());
            case Resolution.Dns(var names)
            when !names.isEmpty() ->
                new Resolution.Dns(declaring.stream()
                        .flatMap(each -> each instanceof Resolution.Dns(var more) ? more.stream() : Stream.of())
                        .distinct()
                        .toList());
            case Resolution other -> other;
        };
    }

    /** A port as applications dial it; {@code target} is where it really listens. */
    public record Port(int number, Protocol protocol, int target) {}

    /** The host that it is another name of, where it is one. */
    public Optional<String> alias() {
        return resolution instanceof Resolution.Alias(var host) ? Optional.of(host) : Optional.empty();
    }

    /** How its endpoints are found. */
    public sealed interface Resolution {
        /**
         * It has none: it is another name of a service of the mesh, and has that one's ports (a Service of type ExternalName).
         *
         * @param host canonical
         */
        record Alias(String host) implements Resolution {}

        /** As written. */
        record Static(List<Endpoint> endpoints) implements Resolution {
            public Static {
                endpoints = List.copyOf(endpoints);
            }
        }

        /**
         * Each connection goes to the very address that was dialled, where that is one of the external's; else as if these were
         * its endpoints. Where it has none, by DNS of the host dialled.
         */
        record AsDialled() implements Resolution {}

        /**
         * By DNS, of the names given or, where there is none, of the host dialled.
         *
         * @param names each with all of its addresses
         */
        record Dns(List<Endpoint> names) implements Resolution {
            public Dns {
                names = List.copyOf(names);
            }

            /** A name without labels and ports of its own. */
            public Dns(Optional<String> name) {
                this(name.map(Endpoint::new).stream().toList());
            }
        }
    }

    /**
     * One place.
     *
     * @param address an IP address, a name where DNS is asked, or {@code unix://} and the path of a socket on the sidecar's host
     * @param ports where it listens, by the ports that applications dial; the target port where none is said
     * @param labels by which a subset of the host chooses its endpoints
     * @param weight its share among the others
     */
    public record Endpoint(String address, Map<Integer, Integer> ports, Map<String, String> labels, int weight) {
        public Endpoint {
            ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
            labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        }

        /** A place without labels that listens at the target ports. */
        public Endpoint(String address) {
            this(address, Map.of(), Map.of(), 1);
        }

        public int listensAt(Port port) {
            return ports.getOrDefault(port.number(), port.target());
        }
    }
}
