package io.tulle.xds.spec;

import java.util.Optional;

/**
 * One place to send requests to.
 *
 * @param instance the instance's id ({@code cart-1}), which errors and metrics name
 * @param address an IP address, as text; a name, where DNS is asked; or {@code unix://} and the path of a socket, whose port is 1
 */
public record EndpointSpec(String instance, String address, int port, Health health, int weight) {
    private static final String UNIX = "unix://";

    public EndpointSpec {
        if (weight < 1) throw new IllegalArgumentException("an endpoint's weight is at least 1, not " + weight);
        if (address.startsWith(UNIX)) port = 1;
        if (port < 1 || port > 65535) throw new IllegalArgumentException("no such port: " + port);
    }

    /** The path of its socket, where it is one of Unix. */
    public Optional<String> socket() {
        return address.startsWith(UNIX) ? Optional.of(address.substring(UNIX.length())) : Optional.empty();
    }

    public static EndpointSpec ofSocket(String instance, String path, Health health, int weight) {
        return new EndpointSpec(instance, UNIX + path, 1, health, weight);
    }

    public static EndpointSpec of(String instance, String address, int port) {
        return new EndpointSpec(instance, address, port, Health.HEALTHY, 1);
    }

    /** Envoy's health states that Tulle uses (config.core.v3.HealthStatus). */
    public enum Health {
        HEALTHY,
        /** Suspect, or past its lease: used only when nothing better is left. */
        DEGRADED,
        /** Going away: gets nothing new, what is in flight may end. */
        DRAINING
    }
}
