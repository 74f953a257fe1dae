package io.tulle.xds.join;

import java.util.Optional;

/**
 * A sidecar asks to become a member.
 *
 * @param token empty over the control plane's own Unix socket
 * @param csr PKCS #10, PEM; of it only the public key counts
 * @param namespace and account: what it would be; a token sets both by itself
 * @param version the sidecar's
 */
public record JoinAsk(
        Optional<String> token, String instance, String namespace, String account, String csr, String version) {
    /** Without the token, so that a log cannot spill it. */
    @Override
    public String toString() {
        return "JoinAsk[" + instance + " " + namespace + "/" + account + " " + version + "]";
    }
}
