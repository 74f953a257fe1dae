package io.tulle.proxy.filter;

import io.tulle.model.IpBlock;
import io.tulle.model.SpiffeId;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a connection and where it came in. Made once per connection; what policies compare is
 * worked out then, not per request.
 */
public final class PeerFacts {
    private final Optional<SpiffeId> identity;
    private final InetAddress address;
    private final int port;
    private final @Nullable String principal;
    private final @Nullable String namespace;
    private final IpBlock.Bits bits;
    private final IpBlock.Bits localBits;
    private final @Nullable String serverName;

    private PeerFacts(
            Optional<SpiffeId> identity,
            InetAddress address,
            int port,
            InetAddress local,
            Optional<String> serverName) {
        this.identity = identity;
        this.address = address;
        this.port = port;
        this.principal = identity.map(SpiffeId::principal).orElse(null);
        this.namespace = identity.flatMap(SpiffeId::namespace).orElse(null);
        this.bits = IpBlock.Bits.of(address);
        this.localBits = IpBlock.Bits.of(local);
        this.serverName = serverName.filter(name -> !name.isEmpty()).orElse(null);
    }

    /**
     * @param identity what mutual TLS proved; empty for plaintext
     * @param address the caller's, from the socket or from a PROXY header of the own launch
     * @param port the port as the service declares it ({@code ChainSpec.port}), not the socket's
     * @param local the address that the caller dialled
     * @param serverName the SNI; empty in plaintext
     */
    public static PeerFacts of(
            Optional<SpiffeId> identity,
            InetAddress address,
            int port,
            InetAddress local,
            Optional<String> serverName) {
        return new PeerFacts(identity, address, port, local, serverName);
    }

    /** One that came in plaintext over loopback. */
    public static PeerFacts of(Optional<SpiffeId> identity, InetAddress address, int port) {
        return new PeerFacts(identity, address, port, InetAddress.getLoopbackAddress(), Optional.empty());
    }

    public Optional<SpiffeId> identity() {
        return identity;
    }

    public InetAddress address() {
        return address;
    }

    public int port() {
        return port;
    }

    @Nullable
    String principal() {
        return principal;
    }

    @Nullable
    String namespace() {
        return namespace;
    }

    IpBlock.Bits localBits() {
        return localBits;
    }

    @Nullable
    String serverName() {
        return serverName;
    }

    IpBlock.Bits bits() {
        return bits;
    }
}
