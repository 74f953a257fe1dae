package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Names;
import io.tulle.dialects.kind.Protocols;
import io.tulle.model.Protocol;
import io.tulle.model.world.External;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** A ServiceEntry's ports: as applications dial them, and by the names that endpoints know them by. */
record EntryPorts(List<Named> all) {
    private static final String UDP = "udp";

    /** Protocols that Tulle carries as bytes, and whose connections say which host they want (Istio's IsTLS). */
    private static final Set<String> TLS = Set.of("https", "tls");

    /**
     * One port.
     *
     * @param number where it is a good one
     * @param port what it is; empty for one that the mesh leaves alone
     */
    record Named(String name, OptionalInt number, Optional<External.Port> port, boolean saysHost) {}

    static EntryPorts of(FieldReader spec) {
        var ports = new EntryPorts(spec.objects("ports", EntryPorts::port));
        if (ports.all.isEmpty()) {
            spec.warning(
                    Codes.NO_EFFECT,
                    "ports",
                    "are not declared, so requests to its hosts pass as they would without it",
                    "declare the ports that applications dial");
        }
        ports.requireDistinct(spec);
        return ports;
    }

    List<External.Port> carried() {
        return all.stream().map(Named::port).flatMap(Optional::stream).toList();
    }

    /** The numbers that applications dial, by name. */
    Map<String, Integer> numbers() {
        var numbers = new TreeMap<String, Integer>();
        all.forEach(port -> port.number().ifPresent(number -> numbers.putIfAbsent(port.name(), number)));
        return numbers;
    }

    Optional<Named> named(String name) {
        return all.stream().filter(port -> port.name().equals(name)).findFirst();
    }

    /** Bytes do not say which of several hosts they are for; only where each goes where it was dialled that is no matter. */
    void requireTellable(FieldReader spec, int hosts, boolean asDialled) {
        if (hosts < 2 || asDialled) return;
        all.stream()
                .filter(port -> !port.saysHost())
                .findFirst()
                .ifPresent(port -> spec.problem(
                        Codes.EXCLUDES,
                        "ports",
                        "has the port '" + port.name() + "', whose bytes do not say which of the " + hosts
                                + " hosts they are for",
                        "write an entry for each host, or protocol HTTP, GRPC or TLS"));
    }

    /** Endpoints give their ports by these names, so each port has one of its own. */
    private void requireDistinct(FieldReader spec) {
        var numbers = new HashSet<Integer>();
        var names = new HashSet<String>();
        for (var port : all) {
            if (port.number().isPresent() && !numbers.add(port.number().getAsInt()))
                spec.problem(
                        Codes.DUPLICATE_NAME,
                        "ports",
                        "has port " + port.number().getAsInt() + " twice");
            if (!port.name().isEmpty() && !names.add(port.name()))
                spec.problem(
                        Codes.DUPLICATE_NAME, "ports", "names two ports '" + port.name() + "'", "rename one of them");
        }
    }

    private static Named port(FieldReader port) {
        if (!port.has("number")) port.missing("number");
        var number = port.integer("number", 1, 65535);
        var name = port.requiredText("name");
        if (!name.isEmpty()) Names.check(port, "name", name);
        var target = port.integer("targetPort", 1, 65535);
        var written = port.text("protocol").orElse("").toLowerCase(Locale.ROOT);
        if (written.equals(UDP)) {
            port.warning(
                    Codes.NOT_ACTED_ON,
                    "protocol",
                    "is UDP: the mesh carries TCP, and leaves this port alone",
                    "nothing to do if the application does without the mesh there");
            return new Named(name, number, Optional.empty(), true);
        }
        var protocol = Protocols.of(port, "protocol", name);
        var saysHost = TLS.contains(written) || (protocol.isRouted() && protocol != Protocol.UNDECLARED);
        return new Named(
                name,
                number,
                Optional.of(new External.Port(number.orElse(1), protocol, target.orElse(number.orElse(1)))),
                saysHost);
    }
}
