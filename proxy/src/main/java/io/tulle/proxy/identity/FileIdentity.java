package io.tulle.proxy.identity;

import io.tulle.proxy.tls.Identity;
import io.tulle.proxy.tls.IdentitySource;
import io.tulle.proxy.tls.Pem;
import io.tulle.proxy.tls.SpiffeVerifier;
import io.tulle.proxy.tls.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An identity in three PEM files: chain (leaf first), key, roots of its own trust domain. Whoever watches the files calls
 * {@link #reload}; files that do not fit together leave the identity in force as it is.
 */
public final class FileIdentity implements IdentitySource {
    private final Path chain;
    private final Path key;
    private final Path roots;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Identity current;

    private FileIdentity(Path chain, Path key, Path roots, Identity current) {
        this.chain = chain;
        this.key = key;
        this.roots = roots;
        this.current = current;
    }

    /**
     * @throws IOException when a file cannot be read
     * @throws IllegalArgumentException when what is in them is no identity
     */
    public static FileIdentity of(Path chain, Path key, Path roots) throws IOException {
        return new FileIdentity(chain, key, roots, read(chain, key, roots));
    }

    /** Reads the files again; the same errors as {@link #of}, and then nothing changes. */
    public void reload() throws IOException {
        var read = read(chain, key, roots);
        if (read.equals(current)) return;
        current = read;
        listeners.forEach(Runnable::run);
    }

    @Override
    public Optional<Identity> current() {
        return Optional.of(current);
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    private static Identity read(Path chain, Path key, Path roots) throws IOException {
        var certificates = Pem.certificates(Files.readString(chain));
        try {
            var domain = SpiffeVerifier.identity(certificates.getFirst()).trustDomain();
            var trust = new Trust(Map.of(domain, Pem.certificates(Files.readString(roots))));
            return new Identity(Pem.key(Files.readString(key)), certificates, trust);
        } catch (CertificateException wrong) {
            throw new IllegalArgumentException(chain + ": " + wrong.getMessage(), wrong);
        }
    }
}
