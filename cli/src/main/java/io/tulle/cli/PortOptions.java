package io.tulle.cli;

import io.tulle.agent.run.PublishedPorts;
import io.tulle.agent.run.RunSettings;
import io.tulle.cli.code.CliCode;
import io.tulle.model.Protocol;
import io.tulle.model.world.ServicePort;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** The ports of a run: those that its application serves, and the doors to them on this host. */
final class PortOptions {
    @Option(
            names = "--expose",
            paramLabel = "PORT[/PROTOCOL]",
            description =
                    "a port that the application serves: 4000/nest-tcp, 3000/http, 5000/grpc, 6379/tcp; any number")
    private List<String> expose = List.of();

    @Option(
            names = "--publish",
            paramLabel = "PORT[=[ADDRESS:]PORT]",
            description = "also open the port on this host, in plaintext, loopback unless told otherwise, any free port"
                    + " for 0; any number")
    private List<String> publish = List.of();

    List<ServicePort> exposed() {
        return expose.stream().map(PortOptions::port).toList();
    }

    /** Declared port → its door. A door without a port of its own has one from now on. */
    Map<Integer, RunSettings.Door> published() {
        var doors = new TreeMap<Integer, RunSettings.Door>();
        for (var text : publish) {
            var equals = text.indexOf('=');
            var declared = number(equals < 0 ? text : text.substring(0, equals), "--publish");
            if (exposed().stream().noneMatch(port -> port.port() == declared)) {
                throw usage(
                        CliCode.PUBLISHED_NOT_EXPOSED,
                        "--publish names port " + declared + ", which is not exposed",
                        "expose it too: --expose " + declared + "/http --publish " + text);
            }
            doors.put(declared, door(equals < 0 ? text : text.substring(equals + 1)));
        }
        return doors;
    }

    private static RunSettings.Door door(String text) {
        var colon = text.lastIndexOf(':');
        var address = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
        var port = text.substring(colon + 1);
        // As `up` says it of a port for which the Compose file names none of the host's.
        if (port.equals("0")) return PublishedPorts.free(address);
        return new RunSettings.Door(address, number(port, "--publish"));
    }

    private static ServicePort port(String text) {
        var slash = text.indexOf('/');
        var number = number(slash < 0 ? text : text.substring(0, slash), "--expose");
        var protocol = Protocol.parse(slash < 0 ? "" : text.substring(slash + 1))
                .orElseThrow(() -> usage(
                        CliCode.NO_SUCH_PROTOCOL,
                        "'" + text.substring(slash + 1) + "' is no protocol",
                        "http, http2, grpc, nest-tcp, tcp, or none to let the first bytes decide"));
        return new ServicePort(number, protocol);
    }

    static int number(String text, String option) {
        try {
            var number = Integer.parseInt(text);
            if (number > 0 && number <= 65535) return number;
        } catch (NumberFormatException _) {
            // told below
        }
        throw usage(
                CliCode.NO_SUCH_PORT, option + " takes a port, not '" + text + "'", "tulle run --help shows the forms");
    }

    private static Failures.Failure usage(CliCode code, String message, String fix) {
        return new Failures.Failure(Exit.USAGE, List.of(code.problem(message, fix)));
    }
}
