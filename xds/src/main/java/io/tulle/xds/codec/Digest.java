package io.tulle.xds.codec;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Content versions: the first 128 bits of SHA-256, in hex. */
public final class Digest {
    private static final int BYTES = 16;

    private Digest() {}

    public static String of(ByteString bytes) {
        var digest = sha256();
        bytes.asReadOnlyByteBufferList().forEach(digest::update);
        return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
    }

    /** Of texts in order; a byte that no UTF-8 text has stands between them. */
    public static String of(Iterable<String> texts) {
        var digest = sha256();
        for (var text : texts) {
            digest.update(text.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0xFF);
        }
        return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
