package io.tulle.cli;

import io.tulle.agent.alone.ProxySettings;
import io.tulle.cli.code.CliCode;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.world.ServicePort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Who a proxy that stands alone is, and where it listens. */
final class ProxyOptions {
    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default",
            description = "its own, and of resources that name none (default: ${DEFAULT-VALUE})")
    private String namespace = "default";

    @Option(
            names = "--service",
            paramLabel = "S",
            defaultValue = "proxy",
            description = "the service that it stands before, or speaks as (default: ${DEFAULT-VALUE})")
    private String service = "proxy";

    @Option(names = "--label", paramLabel = "K=V", description = "a label that policies select it by; any number")
    private Map<String, String> labels = new HashMap<>();

    @Option(
            names = "--listen",
            paramLabel = "[ADDRESS:]PORT=HOST:PORT",
            description = "take plaintext callers here, for this destination; loopback unless said; any number")
    private List<String> listen = List.of();

    @Option(
            names = "--inbound",
            paramLabel = "ADDRESS:PORT",
            description = "take peers here, over mutual TLS, for the ports that --expose names")
    private Optional<String> inbound = Optional.empty();

    @Option(
            names = "--expose",
            paramLabel = "PORT[/PROTOCOL][=ADDRESS:PORT]",
            description = "a port of its service, and where the application listens (default: loopback); any number")
    private List<String> expose = List.of();

    String namespace() {
        return namespace;
    }

    ProxySettings settings() {
        if (!ServiceName.isLabel(service) || !ServiceName.isLabel(namespace)) {
            throw usage(
                    CliCode.NAME_UNFIT,
                    "names of services and namespaces are DNS labels",
                    "tulle proxy --service catalog …");
        }
        var ports = new ArrayList<ServicePort>();
        var places = new HashMap<Integer, InetSocketAddress>();
        for (var text : expose) {
            var equals = text.indexOf('=');
            var port = port(equals < 0 ? text : text.substring(0, equals));
            ports.add(port);
            if (equals >= 0) places.put(port.port(), address(text.substring(equals + 1), "--expose"));
        }
        return new ProxySettings(
                new ServiceName(namespace, service),
                service,
                new TreeMap<>(labels),
                ports,
                places,
                inbound.map(text -> address(text, "--inbound")),
                listen.stream().map(ProxyOptions::door).toList());
    }

    private static ProxySettings.Door door(String text) {
        var equals = text.indexOf('=');
        var colon = text.lastIndexOf(':');
        if (equals < 1 || colon < equals) {
            throw usage(
                    CliCode.NO_LISTENER,
                    "--listen takes [ADDRESS:]PORT=HOST:PORT, not '" + text + "'",
                    "8080=catalog:3000");
        }
        var at = text.substring(0, equals);
        return new ProxySettings.Door(
                address(at.contains(":") ? at : "127.0.0.1:" + at, "--listen"),
                text.substring(equals + 1, colon),
                PortOptions.number(text.substring(colon + 1), "--listen"));
    }

    private static ServicePort port(String text) {
        var slash = text.indexOf('/');
        var written = slash < 0 ? "" : text.substring(slash + 1);
        var protocol = Protocol.parse(written)
                .orElseThrow(() -> usage(
                        CliCode.NO_SUCH_PROTOCOL, "'" + written + "' is no protocol", "http, grpc, nest-tcp, tcp …"));
        return new ServicePort(PortOptions.number(slash < 0 ? text : text.substring(0, slash), "--expose"), protocol);
    }

    /** Port 0 takes a free one. */
    private static InetSocketAddress address(String text, String option) {
        var colon = text.lastIndexOf(':');
        try {
            if (colon > 0) {
                return new InetSocketAddress(
                        InetAddress.ofLiteral(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
            }
        } catch (IllegalArgumentException _) {
            // told below
        }
        throw usage(
                CliCode.NO_ADDRESS, option + " takes ADDRESS:PORT, not '" + text + "'", "for example 127.0.0.1:15006");
    }

    private static Failures.Failure usage(CliCode code, String message, String fix) {
        return new Failures.Failure(Exit.USAGE, List.of(code.problem(message, fix)));
    }
}
