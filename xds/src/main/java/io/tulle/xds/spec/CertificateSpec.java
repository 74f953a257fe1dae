package io.tulle.xds.spec;

import java.util.Set;

/**
 * A certificate and its key that a gateway shows its callers; one secret on the wire, told to that gateway alone.
 *
 * @param chain the leaf first, as PEM
 * @param key as PEM; never logged
 */
public record CertificateSpec(String name, String chain, String key) implements Spec {
    public CertificateSpec {
        if (chain.isBlank() || key.isBlank())
            throw new IllegalArgumentException(name + " lacks a certificate or a key");
    }

    @Override
    public ResourceType type() {
        return ResourceType.SECRET;
    }

    @Override
    public Set<Ref> references() {
        return Set.of();
    }

    @Override
    public String toString() {
        return "CertificateSpec[" + name + ", key withheld]";
    }
}
