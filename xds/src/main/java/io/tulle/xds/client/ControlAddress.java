package io.tulle.xds.client;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/** Where a control plane is. */
public sealed interface ControlAddress {
    /** Over TLS; resolved anew at each attempt when it is not an address. */
    record Tcp(InetSocketAddress address) implements ControlAddress {}

    /** On this host: plaintext, since only this user's and root's processes can open it. */
    record Unix(Path socket) implements ControlAddress {}
}
