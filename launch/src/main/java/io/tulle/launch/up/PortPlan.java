package io.tulle.launch.up;

import io.tulle.dialects.compose.ComposeService;
import io.tulle.dialects.compose.ComposeService.Published;
import io.tulle.model.Problem;
import io.tulle.model.Protocol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The ports of one entry. What a port speaks is said by the suffix of {@code expose} ({@code "4000/nest-tcp"}), by
 * {@code app_protocol} of a long port, or by a label {@code tulle.protocol.4000=nest-tcp}; else its first bytes say it.
 */
record PortPlan(SortedMap<Integer, Protocol> declared, List<Published> doors) {
    PortPlan {
        declared = Collections.unmodifiableSortedMap(new TreeMap<>(declared));
        doors = List.copyOf(doors);
    }

    static PortPlan of(ComposeService service, TulleLabels labels, List<Problem> problems) {
        var declared = new TreeMap<Integer, Protocol>();
        service.ports().forEach(port -> declare(service, port.target(), port.protocol(), declared, problems));
        service.expose().forEach(port -> declare(service, port.port(), port.protocol(), declared, problems));
        labels.protocols().forEach((port, protocol) -> {
            if (declared.containsKey(port)) {
                declare(service, port, protocol, declared, problems);
                return;
            }
            problems.add(UpCode.BAD_LABEL.problem(
                    service.name() + " has no port " + port + ", which a label tulle.protocol." + port + " names",
                    service.place()));
        });
        var debugged = Debugger.ports(service);
        debugged.removeIf(port -> declared.getOrDefault(port, Protocol.TCP) != Protocol.UNDECLARED);
        debugged.forEach(port -> problems.add(UpCode.DEBUGGER.warning(
                "port " + port + " of " + service.name() + " is its debugger's, which the mesh does not carry",
                service.place())));
        declared.keySet().removeAll(debugged);
        return new PortPlan(
                declared,
                service.ports().stream()
                        .filter(door -> !debugged.contains(door.target()))
                        .toList());
    }

    private static void declare(
            ComposeService service,
            int port,
            Protocol protocol,
            SortedMap<Integer, Protocol> declared,
            List<Problem> problems) {
        var known = declared.getOrDefault(port, Protocol.UNDECLARED);
        if (known != Protocol.UNDECLARED && protocol != Protocol.UNDECLARED && known != protocol) {
            problems.add(UpCode.TWO_PROTOCOLS.problem(
                    service.name() + " says " + known.written() + " and " + protocol.written() + " of its port " + port,
                    service.place()));
        }
        declared.put(port, known == Protocol.UNDECLARED ? protocol : known);
    }

    /**
     * {@code --expose} for each port, {@code --publish} for each door.
     *
     * @param replica from 1
     */
    List<String> options(int replica) {
        var all = new ArrayList<String>();
        declared.forEach((port, protocol) -> {
            all.add("--expose");
            all.add(protocol == Protocol.UNDECLARED ? "" + port : port + "/" + protocol.written());
        });
        for (var door : doors) {
            all.add("--publish");
            all.add(door.target() + "=" + address(door, replica));
        }
        return all;
    }

    /** Where the door of a replica is opened: loopback unless said, any free port (0) unless said. */
    static String address(Published door, int replica) {
        var host = door.host().orElse("127.0.0.1");
        var port = door.published().isPresent() ? door.published().getAsInt() + Math.min(replica - 1, door.spare()) : 0;
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
