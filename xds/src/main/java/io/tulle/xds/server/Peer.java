package io.tulle.xds.server;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.tulle.model.SpiffeId;
import io.tulle.xds.Certificates;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Who is at the other end of a call.
 *
 * @param identity from its leaf, whose path the TLS session has validated against the mesh's roots
 * @param instance the instance's id, from the same leaf
 * @param chain as it was presented; empty without a leaf
 * @param user over the Unix socket: the uid, by the kernel's word (SO_PEERCRED)
 * @param address for logs
 */
public record Peer(
        Optional<SpiffeId> identity,
        Optional<String> instance,
        List<X509Certificate> chain,
        OptionalLong user,
        String address) {
    public Peer {
        chain = List.copyOf(chain);
    }

    /** Whether anything at all is known of it. */
    public boolean isKnown() {
        return identity.isPresent() || user.isPresent();
    }

    static Peer of(ServiceRequestContext context) {
        var chain = chain(context.sslSession());
        var leaf = chain.stream().findFirst();
        return new Peer(
                leaf.flatMap(Certificates::identity),
                leaf.flatMap(Certificates::instance),
                chain,
                user(context),
                context.remoteAddress().toString());
    }

    private static List<X509Certificate> chain(@org.jspecify.annotations.Nullable SSLSession session) {
        if (session == null) return List.of();
        try {
            return Arrays.stream(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of(); // it showed none: an anonymous caller, which may only join
        }
    }

    private static OptionalLong user(ServiceRequestContext context) {
        if (!(context.log().partial().channel() instanceof EpollDomainSocketChannel socket))
            return OptionalLong.empty();
        try {
            return OptionalLong.of(
                    Integer.toUnsignedLong(socket.peerCredentials().uid()));
        } catch (IOException e) {
            return OptionalLong.empty(); // a peer that is gone has no user
        }
    }
}
