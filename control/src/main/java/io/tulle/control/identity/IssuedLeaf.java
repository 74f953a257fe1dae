package io.tulle.control.identity;

import io.tulle.model.SpiffeId;
import java.time.Instant;

/**
 * A workload's new certificate, ready to be sent.
 *
 * @param chainPem the leaf first, then intermediates; never the root
 * @param trustPem every root of the trust domain
 */
public record IssuedLeaf(
        SpiffeId id, String instance, String chainPem, String trustPem, Instant notBefore, Instant notAfter) {}
