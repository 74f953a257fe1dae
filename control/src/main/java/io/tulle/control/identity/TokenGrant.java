package io.tulle.control.identity;

import java.time.Instant;

/**
 * A token as the control plane keeps it: all that it grants, and of its secret only the hash, so that who reads the store
 * cannot join.
 *
 * @param secretHash SHA-256 of the secret's bytes, lowercase hex; the secret has 256 random bits, so no salt is needed
 * @param usesLeft what was left when this was read
 */
public record TokenGrant(
        String id,
        String secretHash,
        String rootDigest,
        String namespace,
        String account,
        int usesLeft,
        Instant expires,
        Claims claims) {}
