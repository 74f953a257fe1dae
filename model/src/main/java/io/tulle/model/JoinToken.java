package io.tulle.model;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What lets a workload join from another host: {@code tulle1.} and base64url of the root's digest (32 bytes: SHA-256 of
 * the root certificate's DER, to which the joiner pins TLS), the token's id (16) and its secret (32). All else that it
 * grants is known to the control plane alone. Fields are lowercase hex.
 */
public record JoinToken(String rootDigest, String id, String secret) {
    private static final String PREFIX = "tulle1.";
    private static final int DIGEST = 32;
    private static final int ID = 16;
    private static final int SECRET = 32;

    public JoinToken {
        requireHex(rootDigest, DIGEST);
        requireHex(id, ID);
        requireHex(secret, SECRET);
    }

    /** Reads the one spelling that {@link #text} writes; empty for all else. */
    public static Optional<JoinToken> parse(String text) {
        if (text.length() > 200 || !text.startsWith(PREFIX)) return Optional.empty();
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
        if (bytes.length != DIGEST + ID + SECRET) return Optional.empty();
        var hex = HexFormat.of();
        var token = new JoinToken(
                hex.formatHex(bytes, 0, DIGEST),
                hex.formatHex(bytes, DIGEST, DIGEST + ID),
                hex.formatHex(bytes, DIGEST + ID, bytes.length));
        return token.text().equals(text) ? Optional.of(token) : Optional.empty();
    }

    /** The token as it is handed over. It is a secret. */
    public String text() {
        var bytes = HexFormat.of().parseHex(rootDigest + id + secret);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Without the secret, so that a log cannot spill it. */
    @Override
    public String toString() {
        return "join token " + id;
    }

    private static void requireHex(String text, int bytes) {
        var isHex = text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
        if (text.length() != 2 * bytes || !isHex) {
            throw new IllegalArgumentException("a join token has " + bytes + " bytes of lowercase hex here");
        }
    }
}
