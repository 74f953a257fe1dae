package io.tulle.proxy.exchange;

import io.tulle.proxy.message.Connection;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.Reset;
import io.tulle.proxy.message.ResponseHead;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.resilience.Failure;
import io.tulle.xds.spec.ClusterSpec;

/**
 * How the callee's sidecar tells the caller's that a request never reached the application, so that another instance can be
 * tried, whatever the method. Only a sidecar that proved who it is may say so, and what an application says under this name
 * is removed beside the application.
 */
final class Undelivered {
    private static final String MARK = "x-tulle-undelivered";

    private Undelivered() {}

    /** Marks the answer, where it is one to a peer: the own application could not be connected to. */
    static void mark(MeshAnswer answer, Reset why, Cluster cluster, Connection connection) {
        var unseen = why.failure() instanceof Failure.ConnectFailed && why.reason() == Reason.CONNECT_FAILED;
        var ofOwn = cluster.spec().source() instanceof ClusterSpec.Source.Application;
        if (unseen && ofOwn && connection.side() == Connection.Side.INBOUND) {
            answer.head().headers().set(MARK, "1");
        }
    }

    /** Takes the mark off an answer, and says whether it was there and can be believed. */
    static boolean isTold(ResponseHead head, Cluster from) {
        if (!head.headers().has(MARK)) return false;
        head.headers().remove(MARK);
        return from.spec().security() instanceof ClusterSpec.Security.MutualTls;
    }
}
