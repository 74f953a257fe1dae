package io.tulle.xds.spec;

import java.util.Optional;

/**
 * The xDS resource types, in the order in which additions are sent so that nothing dangles (make before break: xDS
 * protocol, "Eventual consistency considerations"): clusters, endpoints, listeners, routes; removals go the other way.
 */
public enum ResourceType {
    TRUST("type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret"),
    CLUSTER("type.googleapis.com/envoy.config.cluster.v3.Cluster"),
    ENDPOINTS("type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment"),
    LISTENER("type.googleapis.com/envoy.config.listener.v3.Listener"),
    ROUTES("type.googleapis.com/envoy.config.route.v3.RouteConfiguration"),
    PEER("type.googleapis.com/tulle.peer.v1.Peer");

    private final String url;

    ResourceType(String url) {
        this.url = url;
    }

    /** The type URL on the wire. */
    public String url() {
        return url;
    }

    public static Optional<ResourceType> ofUrl(String url) {
        for (var type : values()) {
            if (type.url.equals(url)) return Optional.of(type);
        }
        return Optional.empty();
    }
}
