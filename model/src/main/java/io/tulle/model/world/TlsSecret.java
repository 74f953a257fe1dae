package io.tulle.model.world;

import java.util.Optional;

/**
 * A Secret, or a ConfigMap of roots, as a gateway can use it.
 *
 * @param pair a certificate with its key; empty where it holds only roots
 * @param roots that callers' certificates must lead to, as PEM
 */
public record TlsSecret(ResourceRef source, Optional<Pair> pair, Optional<String> roots) {

    /**
     * What a gateway shows its callers.
     *
     * @param chain the leaf first, as PEM
     * @param key as PEM; never shown
     */
    public record Pair(String chain, String key) {
        @Override
        public String toString() {
            return "Pair[key withheld]";
        }
    }
}
