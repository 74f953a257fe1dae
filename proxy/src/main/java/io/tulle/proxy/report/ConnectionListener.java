package io.tulle.proxy.report;

import io.tulle.proxy.message.Connection;
import io.tulle.proxy.plan.Chain;
import java.net.SocketAddress;
import java.util.List;

/** Told of connections, on their event loop: must be quick and must not block. */
public interface ConnectionListener {
    /** For a sidecar that nobody watches. */
    ConnectionListener NOBODY = new ConnectionListener() {
        @Override
        public void refused(SocketAddress remote, Refusal refusal, String detail) {}

        @Override
        public void opened(TcpReport report) {}

        @Override
        public void closed(TcpReport report) {}
    };

    /** Tells several, in order. */
    static ConnectionListener all(List<ConnectionListener> listeners) {
        return new ConnectionListeners(listeners);
    }

    /** A connection was closed before it was served. */
    void refused(SocketAddress remote, Refusal refusal, String detail);

    /** A caller's connection was let in, whatever wire it speaks. */
    default void accepted(Connection connection, Chain chain) {}

    /** It is over. */
    default void ended(Connection connection, Chain chain) {}

    /** An opaque connection was joined to an endpoint. */
    void opened(TcpReport report);

    /** It is over. */
    void closed(TcpReport report);
}
