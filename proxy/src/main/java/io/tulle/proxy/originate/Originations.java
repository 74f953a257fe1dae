package io.tulle.proxy.originate;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.Ticker;
import io.tulle.model.policy.ClientTls.KeyFiles;
import io.tulle.proxy.message.Reason;
import io.tulle.xds.spec.ClusterSpec.Proof;
import io.tulle.xds.spec.ClusterSpec.Security;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS contexts towards servers outside the mesh, made of files off the event loops. Files are looked at again after five seconds:
 * changed ones make a new context for connections to come, and what cannot be used leaves the last good one in force.
 */
public final class Originations {
    private static final Logger LOG = LoggerFactory.getLogger(Originations.class);
    private static final Duration KEPT = Duration.ofSeconds(5);

    /** Beyond as many everything is made anew: what no cluster asks for any more must not stay for ever. */
    private static final int MOST = 1_000;

    private static final String UNENCRYPTED = "JKS"; // see TlsContexts: the usual kind costs much and gains nothing

    private final Executor threads;
    private final Ticker ticker;
    private final Clock clock;
    private final SslProvider provider = OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    private final Map<Key, Kept> kept = new ConcurrentHashMap<>();

    /** @param threads where files may be read */
    public Originations(Executor threads, Ticker ticker, Clock clock) {
        this.threads = threads;
        this.ticker = ticker;
        this.clock = clock;
    }

    private record Key(Proof proof, Optional<KeyFiles> own, List<String> alpn) {}

    private record Made(SslContext context, List<TlsFiles.Stamp> stamps) {}

    private record Kept(CompletableFuture<Made> made, long atNanos) {}

    /**
     * The context for a server.
     *
     * @return fails with {@link OriginationFailed}, perhaps inside a {@link CompletionException}
     */
    public CompletableFuture<SslContext> context(Security.Tls tls, List<String> alpn) {
        var key = new Key(tls.proof(), tls.own(), alpn);
        var now = ticker.nanoTime();
        if (kept.size() > MOST) kept.clear();
        return kept.compute(key, (_, known) -> known != null && isFresh(known, now) ? known : look(key, known, now))
                .made()
                .thenApply(Made::context);
    }

    private static boolean isFresh(Kept known, long now) {
        return !known.made().isCompletedExceptionally() && now - known.atNanos() < KEPT.toNanos();
    }

    private Kept look(Key key, @Nullable Kept known, long now) {
        var last = Optional.ofNullable(known)
                .map(Kept::made)
                .filter(made -> made.isDone() && !made.isCompletedExceptionally())
                .map(CompletableFuture::join);
        return new Kept(CompletableFuture.supplyAsync(() -> made(key, last), threads), now);
    }

    private Made made(Key key, Optional<Made> last) {
        var stamps = files(key).flatMap(file -> TlsFiles.stamp(file).stream()).toList();
        if (last.isPresent() && last.get().stamps().equals(stamps)) return last.get();
        try {
            return new Made(build(key), stamps);
        } catch (OriginationFailed wrong) {
            if (last.isEmpty()) throw new CompletionException(wrong);
            LOG.warn("{} {}: {}", Reason.TLS_FILES.code(), Reason.TLS_FILES.title(), wrong.getMessage());
            return last.get();
        }
    }

    private static Stream<String> files(Key key) {
        var own = key.own().stream().flatMap(files -> Stream.of(files.certificate(), files.key()));
        return key.proof() instanceof Proof.Checked(var _, var roots, var revoked)
                ? Stream.of(own, roots.stream(), revoked.stream()).flatMap(all -> all)
                : own;
    }

    private SslContext build(Key key) throws OriginationFailed {
        var builder = SslContextBuilder.forClient()
                .sslProvider(provider)
                .keyStoreType(UNENCRYPTED)
                .protocols("TLSv1.3", "TLSv1.2")
                .endpointIdentificationAlgorithm(""); // the trust manager judges names, and says what it found
        switch (key.proof()) {
            case Proof.Unchecked() -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
            case Proof.Checked(var names, var roots, var revoked) -> {
                var lists = revoked.isPresent()
                        ? Optional.of(TlsFiles.revocations(revoked.get()))
                        : Optional.<Revocations>empty();
                builder.trustManager(new ServerTrust(TlsFiles.roots(roots), names, lists, clock));
            }
        }
        if (key.own().isPresent()) {
            var own = TlsFiles.own(key.own().get());
            builder.keyManager(own.key(), own.chain());
        }
        if (!key.alpn().isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    key.alpn()));
        }
        try {
            return builder.build();
        } catch (SSLException wrong) {
            throw new OriginationFailed(Reason.TLS_FILES, "certificate and key: " + wrong.getMessage());
        }
    }
}
