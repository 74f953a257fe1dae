package io.tulle.proxy.identity;

import io.tulle.model.SpiffeId;
import io.tulle.proxy.tls.Identity;
import io.tulle.proxy.tls.IdentitySource;
import io.tulle.proxy.tls.Pem;
import io.tulle.proxy.tls.Trust;
import io.tulle.xds.Certificates;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An identity that the control plane issues: the key is made here and never leaves, the leaf is renewed with a new key at
 * half its life, and again with a growing pause when that fails, until it expires. While the control plane is away the
 * leaf in force stays.
 */
public final class JoinedIdentity implements IdentitySource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JoinedIdentity.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Issuer issuer;
    private final Clock clock;
    private final ScheduledExecutorService executor;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Optional<Identity> current = Optional.empty();
    private Duration pause = FIRST_PAUSE; // the executor's
    private Duration longestPause = LONGEST_PAUSE; // the executor's
    private Optional<ScheduledFuture<?>> next = Optional.empty();

    private JoinedIdentity(Issuer issuer, Clock clock, ScheduledExecutorService executor) {
        this.issuer = issuer;
        this.clock = clock;
        this.executor = executor;
    }

    /**
     * Joins now, on the calling thread, and renews on the executor from then on.
     *
     * @throws Issuer.IssueFailed when the first certificate is not to be had
     */
    public static JoinedIdentity join(Issuer issuer, Clock clock, ScheduledExecutorService executor) {
        var identity = new JoinedIdentity(issuer, clock, executor);
        identity.renewAfter(identity.obtain());
        return identity;
    }

    @Override
    public Optional<Identity> current() {
        return current;
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public synchronized void close() {
        next.ifPresent(renewal -> renewal.cancel(false));
    }

    /** @return how long until it should be renewed */
    private Duration obtain() {
        var keys = newKey();
        var issued = issuer.issue(SigningRequests.of(keys));
        current = Optional.of(identity(keys, issued));
        listeners.forEach(Runnable::run);
        pause = FIRST_PAUSE;
        var life = Duration.between(issued.notBefore(), issued.notAfter());
        // What is left when the half is over must see many more tries, however short the leaf's life is.
        longestPause = between(FIRST_PAUSE, life.dividedBy(30), LONGEST_PAUSE);
        var half = issued.notBefore().plus(life.dividedBy(2));
        var left = Duration.between(clock.instant(), half);
        return left.compareTo(FIRST_PAUSE) < 0 ? FIRST_PAUSE : left;
    }

    private void renew() {
        try {
            renewAfter(obtain());
        } catch (Issuer.IssueFailed e) {
            renewLater(String.valueOf(e.getMessage()));
        } catch (Throwable e) {
            // Whatever it was (no memory, a listener that threw): a leaf that is never renewed again would cut it off.
            renewLater(e.toString());
        }
    }

    private void renewLater(String why) {
        LOG.warn(
                "{} the certificate could not be renewed: {}; trying again in {} s",
                RenewalCode.NOT_RENEWED.code(),
                why,
                pause.toSeconds());
        var now = pause;
        pause = between(FIRST_PAUSE, pause.multipliedBy(2), longestPause);
        renewAfter(now);
    }

    private static Duration between(Duration least, Duration wanted, Duration most) {
        if (wanted.compareTo(least) < 0) return least;
        return wanted.compareTo(most) > 0 ? most : wanted;
    }

    private synchronized void renewAfter(Duration wait) {
        if (executor.isShutdown()) return;
        next = Optional.of(executor.schedule(this::renew, wait.toMillis(), TimeUnit.MILLISECONDS));
    }

    private static Identity identity(KeyPair keys, Issuer.Issued issued) {
        var chain = certificates(issued.chain());
        var leaf = chain.getFirst();
        var domain = Certificates.identity(leaf)
                .map(SpiffeId::trustDomain)
                .orElseThrow(() -> new Issuer.IssueFailed("the certificate carries no SPIFFE id"));
        if (!leaf.getPublicKey().equals(keys.getPublic())) {
            throw new Issuer.IssueFailed("the certificate is for another key");
        }
        var intermediates = chain.stream().filter(c -> !isRoot(c)).toList();
        return new Identity(keys.getPrivate(), intermediates, new Trust(Map.of(domain, certificates(issued.roots()))));
    }

    private static boolean isRoot(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
                && certificate.getBasicConstraints() >= 0;
    }

    private static List<X509Certificate> certificates(String pem) {
        try {
            return Pem.certificates(pem);
        } catch (IllegalArgumentException e) {
            throw new Issuer.IssueFailed("the answer holds no certificate that can be read: " + e.getMessage());
        }
    }

    private static KeyPair newKey() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no P-256", e);
        }
    }
}
