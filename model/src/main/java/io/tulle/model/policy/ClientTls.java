package io.tulle.model.policy;

import java.util.List;
import java.util.Optional;

/** What a client speaks towards the destination (Istio ClientTLSSettings). */
public sealed interface ClientTls extends DestinationPolicy {
    /** Plaintext, said in so many words. */
    ClientTls DISABLE = new Disabled();

    /** Mutual TLS with the mesh's own certificates, nothing else said. */
    ClientTls MESH = new Mesh(Optional.empty(), List.of());

    record Disabled() implements ClientTls {}

    /**
     * Mutual TLS with the mesh's own certificates (ISTIO_MUTUAL).
     *
     * @param serverName SNI, where the destination is outside the mesh; inside it, SNI says which port is meant
     * @param subjectAltNames identities of which the server must prove one; empty where nothing is said of them
     */
    record Mesh(Optional<String> serverName, List<String> subjectAltNames) implements ClientTls {
        public Mesh {
            subjectAltNames = List.copyOf(subjectAltNames);
        }
    }

    /**
     * TLS that the sidecar begins towards a server outside the mesh (SIMPLE and MUTUAL). Files are on the sidecar's host.
     *
     * @param serverName SNI; the host itself where nothing is said
     * @param subjectAltNames names of which the server's certificate must have one; empty where nothing is said of them
     * @param own the certificate to show, where there is one (MUTUAL)
     * @param proof how the server's certificate is checked
     */
    record Origination(Optional<String> serverName, List<String> subjectAltNames, Optional<KeyFiles> own, Proof proof)
            implements ClientTls {
        public Origination {
            subjectAltNames = List.copyOf(subjectAltNames);
        }
    }

    /**
     * A certificate with its chain and its key, as PEM files.
     */
    record KeyFiles(String certificate, String key) {}

    /** Whether and by what a server's certificate is checked. */
    sealed interface Proof {
        /** Any certificate will do (insecureSkipVerify). */
        record Unchecked() implements Proof {}

        /**
         * It must lead to one of the roots.
         *
         * @param roots a PEM file; empty for those that the sidecar's system trusts
         * @param revoked a PEM file of revocation lists; with it, one of the issuer must be there
         */
        record Checked(Optional<String> roots, Optional<String> revoked) implements Proof {}
    }
}
