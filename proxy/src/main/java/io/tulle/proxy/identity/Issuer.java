package io.tulle.proxy.identity;

import java.time.Instant;

/** Whoever signs a sidecar's requests: the control plane's authority, over a token, a Unix socket or the leaf it has. */
@FunctionalInterface
public interface Issuer {
    /**
     * Asks for a certificate. Blocks; called on a thread of its own.
     *
     * @param csr PEM
     * @throws IssueFailed when there is none to be had now
     */
    Issued issue(String csr);

    /**
     * A certificate.
     *
     * @param chain PEM, the leaf first
     * @param roots PEM
     */
    record Issued(String chain, String roots, Instant notBefore, Instant notAfter) {}

    /** Why there was none. Trying again later may help. */
    final class IssueFailed extends RuntimeException {
        private static final long serialVersionUID = 1;

        public IssueFailed(String message) {
            super(message);
        }
    }
}
