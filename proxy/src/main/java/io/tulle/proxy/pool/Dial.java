package io.tulle.proxy.pool;

import io.tulle.proxy.plan.Cluster;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whom to connect to, and how.
 *
 * @param caller who is being served: the own application is told in a preface, where it asks for one
 */
public record Dial(Cluster cluster, EndpointSpec endpoint, InetSocketAddress caller) {
    /**
     * Connections may be shared by all dials that are equal in this. A cluster that did not change has one spec in all plans
     * ({@link io.tulle.proxy.plan.PlanCompiler}), so it is told by identity: a key is made and looked up for each request.
     *
     * @param caller a preface speaks for a whole connection, so callers at one address share, others do not
     */
    record Key(
            ClusterSpec cluster,
            String address,
            int port,
            @Nullable InetAddress caller) {
        @Override
        @SuppressWarnings("ReferenceEquality")
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that
                    && cluster == that.cluster
                    && port == that.port
                    && address.equals(that.address)
                    && Objects.equals(caller, that.caller);
        }

        @Override
        public int hashCode() {
            var hash = 31 * System.identityHashCode(cluster) + address.hashCode();
            return 31 * (31 * hash + port) + (caller == null ? 0 : caller.hashCode());
        }
    }

    Key key() {
        return new Key(
                cluster.spec(), endpoint.address(), endpoint.port(), isApplication() ? caller.getAddress() : null);
    }

    boolean isToPeer() {
        return cluster.spec().security() instanceof ClusterSpec.Security.MutualTls;
    }

    boolean isApplication() {
        return cluster.spec().source() instanceof ClusterSpec.Source.Application;
    }
}
