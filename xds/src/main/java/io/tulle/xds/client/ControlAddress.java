package io.tulle.xds.client;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Where a control plane is. */
public sealed interface ControlAddress {
    /**
     * Over TLS; a name is resolved anew at each attempt.
     *
     * @param address asked at each attempt, on the thread that dials: a control plane may come back elsewhere
     */
    record Tcp(Supplier<InetSocketAddress> address) implements ControlAddress {
        public Tcp(InetSocketAddress address) {
            this(() -> address);
        }
    }

    /** On this host: plaintext, since only this user's and root's processes can open it. */
    record Unix(Path socket) implements ControlAddress {}
}
