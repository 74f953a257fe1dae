package io.tulle.proxy.preface;

import java.security.MessageDigest;
import java.util.HexFormat;

/** The 32 bytes that only one launch's application and its sidecar know. */
public record LaunchSecret(String hex) {
    public LaunchSecret {
        if (HexFormat.of().parseHex(hex).length != 32) throw new IllegalArgumentException("a secret has 32 bytes");
    }

    public static LaunchSecret of(byte[] bytes) {
        return new LaunchSecret(HexFormat.of().formatHex(bytes));
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    /** Compares in constant time. */
    public boolean matches(LaunchSecret other) {
        return MessageDigest.isEqual(bytes(), other.bytes());
    }

    @Override
    public String toString() {
        return "LaunchSecret[…]";
    }
}
