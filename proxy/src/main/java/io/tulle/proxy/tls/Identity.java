package io.tulle.proxy.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A sidecar's own identity.
 *
 * @param chain the leaf first, then intermediates; no root
 * @param trust roots that came with it; those of the plan count besides
 */
public record Identity(PrivateKey key, List<X509Certificate> chain, Trust trust) {
    public Identity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) throw new IllegalArgumentException("an identity has at least a leaf");
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }
}
