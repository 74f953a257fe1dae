package io.tulle.compile;

import io.tulle.model.world.TlsSecret;
import java.util.Optional;

/** The names of resources, as Istio hands know them from {@code istioctl proxy-config}. */
final class Names {
    static final String INBOUND = "inbound";
    static final String TRUST = "trust";
    static final String DOOR = "door|";

    private Names() {}

    /** Of a cluster, its endpoints and its route table: {@code outbound|4000|v1|cart.shop.tulle}. */
    static String outbound(String host, int port, Optional<String> subset) {
        return "outbound|" + port + "|" + subset.orElse("") + "|" + host;
    }

    /** The host that a name of {@link #outbound} is about. */
    static String host(String outbound) {
        return outbound.substring(outbound.lastIndexOf('|') + 1);
    }

    /** Of the cluster and the route table that lead to the own application. */
    static String inbound(int port) {
        return "inbound|" + port + "||";
    }

    /** Of an outbound listener, which is also the target that a proxyless gRPC client asks for. */
    static String listener(String host, int port) {
        return host + ":" + port;
    }

    /** Of a gateway's certificate or roots, by where it was declared. */
    static String secret(TlsSecret secret) {
        return secret.source().kind() + "|" + secret.source().qualified();
    }

    static String door(int port) {
        return DOOR + port;
    }
}
