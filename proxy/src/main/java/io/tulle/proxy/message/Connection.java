package io.tulle.proxy.message;

import io.tulle.model.IpBlock;
import io.tulle.proxy.filter.PeerFacts;
import io.tulle.proxy.plan.Destination;
import io.tulle.proxy.tls.Peer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

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
    /** What hook and name server give out for names: an address of this block stands for a name, and nobody is there. */
    private static final IpBlock GIVEN_OUT = IpBlock.parse("240.0.0.0/4");

    /** The address that the own application dialled; empty where it dialled a name, and for all others. */
    public Optional<InetAddress> dialled() {
        if (!(destination instanceof Destination.Outbound)) return Optional.empty();
        return Optional.ofNullable(local.getAddress()).filter(ip -> !GIVEN_OUT.contains(IpBlock.Bits.of(ip)));
    }

    /** What requests are sent by, as their caller sees it: {@code https} where its TLS ends at a door, else {@code http}. */
    public String scheme() {
        return destination instanceof Destination.Bound(var _, var serverName) && serverName.isPresent()
                ? "https"
                : "http";
    }

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
