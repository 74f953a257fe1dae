package io.tulle.xds.client;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** What the sidecar proves itself with, the leaf first. */
public record OwnCredentials(PrivateKey key, List<X509Certificate> chain) {
    public OwnCredentials {
        chain = List.copyOf(chain);
    }

    /** Without the key, so that a log cannot spill it. */
    @Override
    public String toString() {
        return "OwnCredentials[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
