package io.tulle.control.identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * The control plane's own key and certificate, for its TLS doors.
 *
 * @param chain the leaf first, and the root last: a joiner knows only the root's digest and must be shown the root
 */
public record OwnLeaf(PrivateKey key, List<X509Certificate> chain, Instant notAfter) {
    public OwnLeaf {
        chain = List.copyOf(chain);
    }

    /** Without the key, so that a log cannot spill it. */
    @Override
    public String toString() {
        return "own leaf until " + notAfter;
    }
}
