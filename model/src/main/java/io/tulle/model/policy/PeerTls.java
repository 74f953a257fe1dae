package io.tulle.model.policy;

/** What an inbound port asks of a peer (Istio PeerAuthentication). Unset everywhere means {@link #STRICT} in Tulle. */
public enum PeerTls {
    /** Mutual TLS or nothing. */
    STRICT,
    /** Mutual TLS, and plaintext as an anonymous peer. */
    PERMISSIVE,
    /** Plaintext only. */
    DISABLE
}
