package io.tulle.agent.run;

import io.tulle.agent.code.AgentCode;
import io.tulle.model.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Optional;

/** Whether the ports that a run is to publish can be opened on this host: asked before anything of it is started. */
public final class PublishedPorts {
    static final String TAKEN = AgentCode.PORT_TAKEN.code();

    private PublishedPorts() {}

    /** The first port that cannot be opened, and who holds it; empty when all can. */
    public static Optional<Problem> taken(Map<Integer, RunSettings.Door> doors) {
        return doors.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(entry -> taken(entry.getKey(), entry.getValue()).stream())
                .findFirst();
    }

    /** A door at a port that nobody has now; as it was asked for, port 0, where there is none. */
    public static RunSettings.Door free(String address) {
        try (var probe = new ServerSocket(0, 1, InetAddress.ofLiteral(address))) {
            return new RunSettings.Door(address, probe.getLocalPort());
        } catch (IOException | IllegalArgumentException _) {
            return new RunSettings.Door(address, 0); // which is told when it is opened
        }
    }

    private static Optional<Problem> taken(int declared, RunSettings.Door door) {
        try (var probe = new ServerSocket(door.port(), 1, InetAddress.ofLiteral(door.address()))) {
            return probe.isBound() ? Optional.empty() : Optional.of(problem(declared, door, "it cannot be opened"));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of(
                    problem(declared, door, Optional.ofNullable(e.getMessage()).orElse(e.toString())));
        }
    }

    static Problem problem(int declared, RunSettings.Door door, String why) {
        var holder = PortHolder.of(door.port());
        return Problem.error(
                TAKEN,
                "port " + declared + " cannot be published at " + door.address() + ":" + door.port() + ": "
                        + holder.map(who -> who + " listens there").orElse(why),
                holder.map(who -> "stop " + who + ", or publish").orElse("publish") + " another port: --publish "
                        + declared + "=OTHER");
    }
}
