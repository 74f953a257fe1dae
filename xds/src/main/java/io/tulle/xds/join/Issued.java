package io.tulle.xds.join;

/**
 * A new certificate.
 *
 * @param identity its SPIFFE id
 * @param chain PEM: the leaf first, then intermediates; never the root
 * @param trust PEM: every root of the trust domain
 * @param version the control plane's
 */
public record Issued(String identity, String chain, String trust, String version) {}
