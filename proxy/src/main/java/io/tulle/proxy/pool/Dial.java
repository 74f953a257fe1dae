package io.tulle.proxy.pool;

import io.tulle.proxy.plan.Cluster;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Whom to connect to, and how.
 *
 * @param caller who is being served: the own application is told in a preface, where it asks for one
 */
public record Dial(Cluster cluster, EndpointSpec endpoint, InetSocketAddress caller) {
    /** Connections may be shared by all dials that are equal in this. */
    record Key(ClusterSpec cluster, String address, int port, Optional<String> caller) {}

    Key key() {
        // A preface speaks for a whole connection, so callers at one address share, others do not.
        var told = isApplication() ? Optional.of(caller.getAddress().getHostAddress()) : Optional.<String>empty();
        return new Key(cluster.spec(), endpoint.address(), endpoint.port(), told);
    }

    boolean isApplication() {
        return cluster.spec().source() instanceof ClusterSpec.Source.Application;
    }
}
