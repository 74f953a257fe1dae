package io.tulle.xds.server;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** What the edge proves itself with and whom it trusts; asked at each handshake, so that renewals need no restart. */
public interface EdgeTls {
    Credentials credentials();

    /** Clients' leaves must lead to one of these. */
    List<X509Certificate> roots();

    /** @param chain the leaf first; with the root at its end, so that a joiner can compare it with its token's digest */
    record Credentials(PrivateKey key, List<X509Certificate> chain) {
        public Credentials {
            chain = List.copyOf(chain);
        }

        @Override
        public String toString() {
            return "Credentials[" + chain.getFirst().getSubjectX500Principal() + "]";
        }
    }
}
