package io.tulle.proxy.identity;

import io.tulle.model.Problem;
import java.time.Instant;
import java.util.Optional;

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

        private final transient Optional<Problem> problem;

        public IssueFailed(String message) {
            super(message);
            this.problem = Optional.empty();
        }

        /** Refused, or not reached, as the problem says. */
        public IssueFailed(Problem problem) {
            super(problem.code() + " " + problem.message());
            this.problem = Optional.of(problem);
        }

        public Optional<Problem> problem() {
            return problem;
        }
    }
}
