package io.tulle.proxy.listen;

import io.tulle.proxy.message.Connection.Side;
import io.tulle.proxy.plan.Destination;
import io.tulle.proxy.tls.Peer;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A connection that has said whom it wants and who it is.
 *
 * @param alpn what both ends settled on; empty in plaintext, or when the peer offered nothing
 */
record Arrival(
        Side side,
        Destination destination,
        Peer peer,
        InetSocketAddress remote,
        InetSocketAddress local,
        Optional<String> alpn) {}
