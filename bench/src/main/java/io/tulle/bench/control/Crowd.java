package io.tulle.bench.control;

import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.tulle.model.Problem;
import io.tulle.xds.Reply;
import io.tulle.xds.client.ControlAddress;
import io.tulle.xds.client.Dialer;
import io.tulle.xds.client.JoinClient;
import io.tulle.xds.join.Issued;
import io.tulle.xds.join.JoinAsk;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** What all simulated sidecars share: one key (the server's work is the same), two event loops, one clock of heartbeats. */
final class Crowd implements AutoCloseable {
    private static final int AT_ONCE = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KeyPair key;
    private final String csr;
    private final IoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("hearts").daemon().factory());
    private final ExecutorService hands = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore places = new Semaphore(AT_ONCE);

    Crowd() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        this.key = generator.generateKeyPair();
        this.csr = csr(key);
    }

    KeyPair key() {
        return key;
    }

    IoEventLoopGroup loops() {
        return loops;
    }

    ScheduledExecutorService heart() {
        return heart;
    }

    /** A leaf of the control plane's, over its Unix socket. */
    Issued join(Path socket, String instance, String namespace, String account) {
        try (var dialer = Dialer.local(new ControlAddress.Unix(socket))) {
            var ask = new JoinAsk(Optional.empty(), instance, namespace, account, csr, "bench");
            return switch (new JoinClient(dialer, PATIENCE).join(ask)) {
                case Reply.Granted<Issued>(var issued) -> issued;
                case Reply.Refused<Issued>(Problem why) -> throw new IllegalStateException(why.explained());
            };
        }
    }

    /** Does them all, so many at once, and waits for the last. */
    <T> List<T> all(List<Callable<T>> tasks) throws InterruptedException {
        var begun = new ArrayList<Future<T>>();
        for (var task : tasks) {
            places.acquire();
            begun.add(hands.submit(() -> {
                try {
                    return task.call();
                } finally {
                    places.release();
                }
            }));
        }
        var done = new ArrayList<T>();
        for (var each : begun) {
            try {
                done.add(each.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
        return done;
    }

    @Override
    public void close() {
        heart.shutdownNow();
        hands.shutdownNow();
        loops.shutdownGracefully();
    }

    private static String csr(KeyPair key) {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate());
            var request = new JcaPKCS10CertificationRequestBuilder(new X500Name(new RDN[0]), key.getPublic());
            return Pems.block("CERTIFICATE REQUEST", request.build(signer).getEncoded());
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("this JDK cannot sign with P-256", e);
        }
    }
}
