package io.tulle.proxy.plan;

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
     */
    record Inbound(String serverName, boolean secure) implements Destination {}

    /** Somebody came to a bound socket: a door, or a proxy that runs alone. */
    record Bound(String listener) implements Destination {}
}
