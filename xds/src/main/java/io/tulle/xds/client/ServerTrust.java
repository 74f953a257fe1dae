package io.tulle.xds.client;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;

/** How a control plane that is dialled over TLS must prove itself; in either case with the identity of one. */
public sealed interface ServerTrust {
    /** Before joining: its chain must end in the root with this digest (SHA-256 of the DER, lowercase hex). */
    record Pinned(String rootDigest) implements ServerTrust {}

    /** After joining: its chain must lead to one of these, asked at each handshake. */
    record Roots(Supplier<List<X509Certificate>> roots) implements ServerTrust {}
}
