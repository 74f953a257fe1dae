package io.tulle.proxy.message;

import io.tulle.proxy.filter.PeerFacts;
import io.tulle.proxy.plan.Destination;
import io.tulle.proxy.tls.Peer;
import java.net.InetSocketAddress;

/**
 * What is known of a caller's connection, for its whole life. What it may do is not pinned: that is asked of the plan at
 * each request.
 *
 * @param remote the caller's address: the socket's, or what a PROXY header of the own launch says
 * @param local where it came in, as the caller sees it
 * @param facts the same as policies compare it
 */
public record Connection(
        Side side,
        Destination destination,
        Peer peer,
        InetSocketAddress remote,
        InetSocketAddress local,
        PeerFacts facts) {

    /** Which end of a call this sidecar stands at, and how the caller came. */
    public enum Side {
        /** The own application calls: Istio's reporter {@code source}. */
        OUTBOUND,
        /** A peer calls over mutual TLS, or plaintext where allowed: reporter {@code destination}. */
        INBOUND,
        /** Somebody outside the mesh calls at a published door: reporter {@code destination}, nothing is trusted. */
        DOOR
    }

    /** Fired through a connection's pipeline when policies may have changed: what is open is judged again. */
    public enum Judgement {
        NOW
    }

    /** Fired through a connection's pipeline when the sidecar drains: what idles closes. */
    public enum Draining {
        NOW
    }
}
