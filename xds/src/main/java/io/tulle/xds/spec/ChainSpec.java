package io.tulle.xds.spec;

import io.tulle.xds.spec.Spec.Ref;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How one kind of connection is served.
 *
 * @param port the port that the chain stands for, as the service declares it (4000), for policy and metrics
 * @param serverNames SNI names that lead here, such as {@code 4000.cart.shop.tulle}; empty means any
 * @param security what the peer must show
 */
public record ChainSpec(String name, int port, List<String> serverNames, Security security, WireSpec wire) {
    public static final Security PLAINTEXT = new Security.Plaintext();
    public static final Security MUTUAL_TLS = new Security.MutualTls();

    public ChainSpec {
        serverNames = serverNames.stream().sorted().distinct().toList();
    }

    /**
     * How narrowly a name that a caller asked for means this chain: its very name the most, then the longest that ends so
     * ({@code *.example.com}), 0 where it takes every name; -1 where it is not meant.
     */
    public int narrowness(String serverName) {
        if (serverNames.isEmpty()) return 0;
        var narrowest = -1;
        for (var name : serverNames) {
            if (name.equals(serverName)) return Integer.MAX_VALUE;
            var isBelow = name.startsWith("*.")
                    && serverName.length() >= name.length()
                    && serverName.endsWith(name.substring(1));
            if (isBelow) narrowest = Math.max(narrowest, name.length());
        }
        return narrowest;
    }

    Set<Ref> references() {
        if (!(security instanceof Security.Terminated(var certificates, var roots, var _))) return wire.references();
        var all = new LinkedHashSet<>(wire.references());
        certificates.forEach(name -> all.add(new Ref(ResourceType.SECRET, name)));
        roots.ifPresent(name -> all.add(new Ref(ResourceType.SECRET, name)));
        return all;
    }

    /** Framing and proof of identity of a connection as it comes in. */
    public sealed interface Security {
        /** Whether a TLS handshake begins it. */
        default boolean isTls() {
            return !(this instanceof Plaintext);
        }

        /** A captured connection of the own application, or a door. */
        record Plaintext() implements Security {}

        /** TLS 1.3 with a client certificate of the mesh, always. */
        record MutualTls() implements Security {}

        /**
         * TLS 1.2 or 1.3 that ends here, with certificates of the door's own.
         *
         * @param certificates secrets, the first the one that is shown where a caller's name decides nothing
         * @param roots the secret whose roots a caller's certificate must lead to; empty where none is asked for
         * @param requiresClient whether nobody is let in without a certificate
         */
        record Terminated(List<String> certificates, Optional<String> roots, boolean requiresClient)
                implements Security {
            public Terminated {
                certificates = List.copyOf(certificates);
                if (certificates.isEmpty()) throw new IllegalArgumentException("TLS ends here without a certificate");
            }
        }

        /** TLS that is forwarded as it is: only the name that its caller asks for is read. */
        record PassedThrough() implements Security {}
    }
}
