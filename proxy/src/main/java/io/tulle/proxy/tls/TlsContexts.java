package io.tulle.proxy.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.tulle.model.SpiffeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;

/**
 * TLS 1.3 contexts for the identity in force: one for the mesh port, one for each set of identities that a cluster
 * expects. A new identity makes new ones; connections that are open keep theirs. Nothing is resumed, so that every
 * connection is judged by the trust of its own moment.
 */
public final class TlsContexts {
    /**
     * Netty hands the key over in a key store made for the purpose. The JDK's usual kind derives a key for it by ten thousand
     * rounds of PBKDF2, for every context; it never leaves this process's memory, so nothing is gained by it.
     */
    private static final String UNENCRYPTED = "JKS";

    private final IdentitySource source;
    private final SpiffeVerifier verifier;
    private final SslProvider provider = OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    private volatile Optional<Generation> generation = Optional.empty();

    public TlsContexts(IdentitySource source, SpiffeVerifier verifier) {
        this.source = source;
        this.verifier = verifier;
    }

    /** BoringSSL, or the JDK's own engine where its library does not load. */
    public SslProvider provider() {
        return provider;
    }

    /** For the mesh port; empty while there is no identity. */
    public Optional<SslContext> server() throws SSLException {
        var current = current();
        return current.isPresent() ? Optional.of(current.get().server()) : Optional.empty();
    }

    /** Towards a cluster whose endpoints must prove one of these; empty while there is no identity. */
    public Optional<SslContext> client(List<SpiffeId> expected, List<String> alpn) throws SSLException {
        var current = current();
        return current.isPresent()
                ? Optional.of(current.get().client(new ClientKey(expected, alpn)))
                : Optional.empty();
    }

    private Optional<Generation> current() throws SSLException {
        var identity = source.current();
        if (identity.isEmpty()) return Optional.empty();
        var known = generation;
        if (known.isPresent() && known.get().identity.equals(identity.get())) return known;
        var made = Optional.of(new Generation(identity.get()));
        generation = made; // two loops may both do this; both make the same
        return made;
    }

    private record ClientKey(List<SpiffeId> expected, List<String> alpn) {}

    /** The contexts of one identity. */
    private final class Generation {
        private final Identity identity;
        private final SslContext server;
        private final Map<ClientKey, SslContext> clients = new ConcurrentHashMap<>();

        Generation(Identity identity) throws SSLException {
            this.identity = identity;
            this.server = common(SslContextBuilder.forServer(identity.key(), identity.chain()), Alpn.SERVED, List.of())
                    .clientAuth(ClientAuth.REQUIRE)
                    .build();
        }

        SslContext server() {
            return server;
        }

        SslContext client(ClientKey key) throws SSLException {
            var known = clients.get(key);
            if (known != null) return known;
            var builder = SslContextBuilder.forClient().keyManager(identity.key(), identity.chain());
            var made = common(builder, key.alpn(), key.expected())
                    .endpointIdentificationAlgorithm("") // identities are judged, not host names
                    .build();
            clients.put(key, made);
            return made;
        }

        private SslContextBuilder common(SslContextBuilder builder, List<String> alpn, List<SpiffeId> expected) {
            // Cipher suites are those of TLS 1.3, all of them good; BoringSSL would not let them be chosen anyway.
            return builder.sslProvider(provider)
                    .keyStoreType(UNENCRYPTED)
                    .protocols("TLSv1.3")
                    .trustManager(new PeerTrustManager(verifier, expected))
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            alpn));
        }
    }
}
