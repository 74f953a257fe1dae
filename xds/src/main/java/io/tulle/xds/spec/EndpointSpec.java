package io.tulle.xds.spec;

/**
 * One place to send requests to.
 *
 * @param instance the instance's id ({@code cart-1}), which errors and metrics name
 * @param address an IP address, as text
 */
public record EndpointSpec(String instance, String address, int port, Health health, int weight) {
    public EndpointSpec {
        if (weight < 1) throw new IllegalArgumentException("an endpoint's weight is at least 1, not " + weight);
        if (port < 1 || port > 65535) throw new IllegalArgumentException("no such port: " + port);
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
