package io.tulle.proxy.plan;

import java.util.Optional;
import java.util.OptionalInt;

/** Whom a connection wants, as it was when it opened. The plan in force says at each request what becomes of that. */
public sealed interface Destination {
    /**
     * The own application dialled a name or an address.
     *
     * @param host lower-case, as the application wrote it; or the address as text
     */
    record Outbound(String host, int port) implements Destination {}

    /**
     * A peer came to the mesh port.
     *
     * @param serverName SNI, or empty
     * @param port the declared port that it dialled, where a rule led it to the mesh port
     */
    record Inbound(String serverName, boolean secure, OptionalInt port) implements Destination {
        /** It dialled the mesh port itself. */
        public Inbound(String serverName, boolean secure) {
            this(serverName, secure, OptionalInt.empty());
        }
    }

    /**
     * Somebody came to a bound socket: a door, a gateway's, or that of a proxy that runs alone.
     *
     * @param serverName whom it asked for in TLS (SNI, lower-case, empty where it said none); not there in plaintext
     */
    record Bound(String listener, Optional<String> serverName) implements Destination {
        /** It came in plaintext. */
        public Bound(String listener) {
            this(listener, Optional.empty());
        }
    }
}
