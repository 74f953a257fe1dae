package io.tulle.proxy.observe;

import io.tulle.proxy.message.Connection.Side;
import io.tulle.proxy.message.Wire;
import io.tulle.proxy.report.ExchangeReport;
import io.tulle.proxy.tls.Peer;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What decides an exchange's labels, found again without working them out: specs are compared by identity, since a plan
 * holds one of each. One is filled for each exchange and used to look; a copy is kept where it found nothing.
 */
final class Flow {
    private Side side = Side.OUTBOUND;
    private Peer peer = Peer.ANONYMOUS;
    private @Nullable ClusterSpec cluster;
    private @Nullable EndpointSpec endpoint;
    private String flags = "";
    private int status;
    private int grpc;
    private Wire wire = Wire.HTTP_1_1;
    private boolean isGrpc;

    Flow() {}

    Flow(Flow other) {
        this.side = other.side;
        this.peer = other.peer;
        this.cluster = other.cluster;
        this.endpoint = other.endpoint;
        this.flags = other.flags;
        this.status = other.status;
        this.grpc = other.grpc;
        this.wire = other.wire;
        this.isGrpc = other.isGrpc;
    }

    void fill(ExchangeReport report) {
        side = report.connection().side();
        peer = report.connection().peer();
        cluster = orNull(report.cluster());
        endpoint = orNull(report.endpoint());
        flags = report.outcome().flags();
        status = report.outcome().status();
        grpc = report.grpcStatus().orElse(-1);
        wire = report.request().wire();
        isGrpc = Labeller.isGrpc(report);
    }

    /** Whether the labels follow from this alone: without a cluster they depend on the destination too. */
    boolean isComplete() {
        return cluster != null;
    }

    private static <T> @Nullable T orNull(Optional<T> value) {
        return value.orElse(null);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // by intent: equal specs of two plans may be told apart, never the reverse
    public boolean equals(@Nullable Object other) {
        return other instanceof Flow that
                && side == that.side
                && cluster == that.cluster
                && endpoint == that.endpoint
                && status == that.status
                && grpc == that.grpc
                && wire == that.wire
                && isGrpc == that.isGrpc
                && flags.equals(that.flags)
                && peer.equals(that.peer);
    }

    @Override
    public int hashCode() {
        var hash = System.identityHashCode(cluster);
        hash = 31 * hash + System.identityHashCode(endpoint);
        hash = 31 * hash + status + 1000 * grpc;
        return 31 * (31 * hash + flags.hashCode()) + peer.hashCode();
    }
}
