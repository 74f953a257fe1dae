package io.tulle.xds.codec;

import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.EndpointSpec.Health;
import io.tulle.xds.spec.EndpointsSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Endpoints as one locality without a name. The hostname carries the instance's id. */
final class Endpoints {
    private Endpoints() {}

    static ClusterLoadAssignment encode(EndpointsSpec spec) {
        return encode(spec.name(), spec.endpoints());
    }

    static ClusterLoadAssignment encode(String cluster, List<EndpointSpec> endpoints) {
        var locality = LocalityLbEndpoints.newBuilder()
                .setLocality(Locality.getDefaultInstance()) // grpc passes over endpoints without locality or weight
                .setLoadBalancingWeight(Wellknown.number(1));
        endpoints.forEach(endpoint -> locality.addLbEndpoints(encode(endpoint)));
        var assignment = ClusterLoadAssignment.newBuilder().setClusterName(cluster);
        if (!endpoints.isEmpty()) assignment.addEndpoints(locality);
        return assignment.build();
    }

    static EndpointsSpec decode(Node assignment) {
        return new EndpointsSpec(assignment.name("cluster_name"), all(assignment));
    }

    /** The endpoints of an assignment inside a cluster, in their order. */
    static List<EndpointSpec> all(Node assignment) {
        assignment.ignore("cluster_name");
        var all = new ArrayList<EndpointSpec>();
        for (var locality : assignment.children("endpoints")) {
            locality.ignore("locality", "load_balancing_weight"); // all localities are one here: no weight among them
            if (locality.number("priority") != 0) throw locality.unsupported("priority");
            for (var endpoint : locality.children("lb_endpoints"))
                endpoint(endpoint).ifPresent(all::add);
        }
        return all;
    }

    private static LbEndpoint encode(EndpointSpec spec) {
        var endpoint = LbEndpoint.newBuilder()
                .setEndpoint(Endpoint.newBuilder().setAddress(address(spec)).setHostname(spec.instance()))
                .setHealthStatus(
                        switch (spec.health()) {
                            case HEALTHY -> HealthStatus.HEALTHY;
                            case DEGRADED -> HealthStatus.DEGRADED;
                            case DRAINING -> HealthStatus.DRAINING;
                        });
        if (spec.weight() != 1) endpoint.setLoadBalancingWeight(Wellknown.number(spec.weight()));
        return endpoint.build();
    }

    private static Address address(EndpointSpec spec) {
        return spec.socket()
                .map(path -> Address.newBuilder()
                        .setPipe(Pipe.newBuilder().setPath(path))
                        .build())
                .orElseGet(() -> Wellknown.address(spec.address(), spec.port()));
    }

    /** Empty for an endpoint that is told to be unhealthy: it gets nothing, so that it need not be known. */
    private static Optional<EndpointSpec> endpoint(Node endpoint) {
        endpoint.child("metadata").ifPresent(metadata -> metadata.ignore("filter_metadata", "typed_filter_metadata"));
        var inner = endpoint.need("endpoint");
        var named = inner.text("hostname");
        var weight = endpoint.wrapped("load_balancing_weight").orElse(1);
        if (weight < 1) throw endpoint.invalid("load_balancing_weight", "is less than 1");
        var health = health(endpoint.choice("health_status"));
        var at = inner.need("address");
        if (at.which("address").equals("pipe")) {
            var path = at.need("pipe").name("path");
            return health.map(each -> EndpointSpec.ofSocket(named.isEmpty() ? path : named, path, each, weight));
        }
        var socket = Wellknown.socket(at);
        var address = socket.name("address");
        var port = socket.port("port_value");
        return health.map(
                each -> new EndpointSpec(named.isEmpty() ? address + ":" + port : named, address, port, each, weight));
    }

    private static Optional<Health> health(String status) {
        return switch (status) {
            case "UNKNOWN", "HEALTHY" -> Optional.of(Health.HEALTHY);
            case "DEGRADED" -> Optional.of(Health.DEGRADED);
            case "DRAINING" -> Optional.of(Health.DRAINING);
            default -> Optional.empty();
        };
    }
}
