package io.tulle.proxy;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.tulle.proxy.report.Refusal;
import io.tulle.proxy.tls.SpiffeVerifier;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes open connections whose peers nothing proves any more: a root was taken away. A leaf that has merely expired
 * meanwhile closes nothing; it was valid when the connection was made.
 */
final class Distrust {
    private static final Logger LOG = LoggerFactory.getLogger(Distrust.class);

    private final SpiffeVerifier verifier;
    private final Executor threads;

    /** @param threads where signatures are checked: an event loop has no time for thousands */
    Distrust(SpiffeVerifier verifier, Executor threads) {
        this.verifier = verifier;
        this.threads = threads;
    }

    /** From any thread. */
    void judge(Collection<Channel> open) {
        var all = List.copyOf(open);
        try {
            threads.execute(() -> all.forEach(this::judge));
        } catch (RejectedExecutionException _) { // everything is closing
        }
    }

    private void judge(Channel channel) {
        var secured = channel.pipeline().get(SslHandler.class);
        if (secured == null || !secured.handshakeFuture().isSuccess())
            return; // who is not in yet is judged by today's trust
        try {
            verifier.requireTrust(certificates(secured));
        } catch (SSLPeerUnverifiedException _) {
            // It showed no certificate, so no root let it in.
        } catch (CertificateException why) {
            LOG.warn(
                    "{} {}: {}: {}",
                    Refusal.DISTRUSTED.code(),
                    Refusal.DISTRUSTED.title(),
                    channel.remoteAddress(),
                    why.getMessage());
            channel.close();
        }
    }

    private static List<X509Certificate> certificates(SslHandler secured) throws SSLPeerUnverifiedException {
        return Arrays.stream(secured.engine().getSession().getPeerCertificates())
                .map(X509Certificate.class::cast)
                .toList();
    }
}
