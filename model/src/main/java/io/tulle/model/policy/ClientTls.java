package io.tulle.model.policy;

/** What a client speaks towards the destination (Istio ClientTLSSettings.mode, the modes in use). */
public enum ClientTls implements DestinationPolicy {
    /** Plaintext, said in so many words. */
    DISABLE,
    /** Mutual TLS with the mesh's own certificates. */
    MESH
}
