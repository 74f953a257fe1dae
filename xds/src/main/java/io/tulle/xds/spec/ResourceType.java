package io.tulle.xds.spec;

import java.util.Optional;

/**
 * The xDS resource types, in the order in which additions are sent so that nothing dangles (make before break: xDS
 * protocol, "Eventual consistency considerations"): clusters, endpoints, listeners, routes; removals go the other way.
 */
public enum ResourceType {
    /** Roots that others must lead to, and certificates of a gateway. */
    SECRET("type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret"),
    CLUSTER("type.googleapis.com/envoy.config.cluster.v3.Cluster"),
    ENDPOINTS("type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment"),
    LISTENER("type.googleapis.com/envoy.config.listener.v3.Listener"),
    ROUTES("type.googleapis.com/envoy.config.route.v3.RouteConfiguration"),
    /** The answer to who asked for a destination: all before it has been sent. Delta only. */
    DESTINATION("tulle/tulle.v1.Destination"),
    /** What an application can dial. Delta only. */
    NAME("tulle/tulle.v1.Name"),
    PEER("type.googleapis.com/tulle.peer.v1.Peer");

    private final String url;

    ResourceType(String url) {
        this.url = url;
    }

    /** The type URL on the wire. */
    public String url() {
        return url;
    }

    /** Whether it can only be asked for by name: no name asked for is nothing, not everything. */
    public boolean isNamedOnly() {
        return this == DESTINATION || this == PEER;
    }

    /** Whether nothing refers to it, so that it waits for nobody and nobody for it. */
    public boolean isApart() {
        return this == NAME || this == PEER;
    }

    public static Optional<ResourceType> ofUrl(String url) {
        for (var type : values()) {
            if (type.url.equals(url)) return Optional.of(type);
        }
        return Optional.empty();
    }
}
