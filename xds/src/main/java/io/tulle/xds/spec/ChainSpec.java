package io.tulle.xds.spec;

import io.tulle.xds.spec.Spec.Ref;
import java.util.List;
import java.util.Set;

/**
 * How one kind of connection is served.
 *
 * @param port the port that the chain stands for, as the service declares it (4000), for policy and metrics
 * @param serverNames SNI names that lead here, such as {@code 4000.cart.shop.tulle}; empty means any
 * @param security what the peer must show
 */
public record ChainSpec(String name, int port, List<String> serverNames, Security security, WireSpec wire) {
    public ChainSpec {
        serverNames = serverNames.stream().sorted().distinct().toList();
    }

    Set<Ref> references() {
        return wire.references();
    }

    /** Framing and proof of identity of a connection as it comes in. */
    public enum Security {
        /** Plaintext: a captured connection of the own application, or a door. */
        PLAINTEXT,
        /** TLS 1.3 with a client certificate of the mesh, always. */
        MUTUAL_TLS
    }
}
