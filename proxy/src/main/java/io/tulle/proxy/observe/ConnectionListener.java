package io.tulle.proxy.observe;

import io.tulle.proxy.listen.Refusal;
import java.net.SocketAddress;

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

    /** A connection was closed before it was served. */
    void refused(SocketAddress remote, Refusal refusal, String detail);

    /** An opaque connection was joined to an endpoint. */
    void opened(TcpReport report);

    /** It is over. */
    void closed(TcpReport report);
}
