package io.tulle.control.identity;

import java.time.Duration;

/**
 * What an operator asks of a new token: whom it admits, how often (1 to 10,000), for how long (1 s to 30 days), and what
 * they may say of themselves.
 */
public record TokenTerms(String namespace, String account, long uses, Duration life, Claims.Bound claims) {
    /** For an account that serves the service of its own name. */
    public TokenTerms(String namespace, String account, long uses, Duration life) {
        this(namespace, account, uses, life, Claims.OWN);
    }
}
