package io.tulle.control.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The one bearer token of a control plane: 256 random bits in a file of mode 0600, made at the first start. */
public final class TokenFile implements Credentials {
    private static final String SCHEME = "bearer ";
    private static final int BYTES = 32;

    private final String token;

    private TokenFile(String token) {
        this.token = token;
    }

    /** Reads the file, or makes it. A file that others may read is refused: its token must be taken for known. */
    public static TokenFile open(Path file, RandomGenerator random) throws IOException {
        var mode = PosixFilePermissions.fromString("rw-------");
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(mode));
            var bytes = new byte[BYTES];
            random.nextBytes(bytes);
            Files.writeString(file, HexFormat.of().formatHex(bytes) + "\n");
        } catch (FileAlreadyExistsException _) {
            if (!mode.containsAll(Files.getPosixFilePermissions(file))) {
                throw new IOException(
                        file + " can be read by others; delete it, a new token is made at the next start");
            }
        }
        var token = Files.readString(file).strip();
        if (token.length() < 2 * BYTES) throw new IOException(file + " holds no whole token; delete it");
        return new TokenFile(token);
    }

    /** For the kubeconfig. */
    public String token() {
        return token;
    }

    @Override
    public Optional<Caller> caller(RequestHeaders headers) {
        var given = headers.get(HttpHeaderNames.AUTHORIZATION, "");
        if (!given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) return Optional.empty();
        var same = MessageDigest.isEqual( // in constant time
                given.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8),
                token.getBytes(StandardCharsets.UTF_8));
        return same ? Optional.of(new Caller("token", Caller.Means.TOKEN)) : Optional.empty();
    }
}
