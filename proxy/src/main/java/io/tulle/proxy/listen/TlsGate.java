package io.tulle.proxy.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.tulle.proxy.message.Connection.Side;
import io.tulle.proxy.plan.Destination;
import io.tulle.proxy.report.Refusal;
import io.tulle.proxy.tls.Peer;
import io.tulle.proxy.tls.SpiffeVerifier;
import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Waits for the handshake's end, in which whoever must be verified was, and reads from it who came and for what. */
final class TlsGate extends ChannelInboundHandlerAdapter {
    private final Doorway doorway;
    private final Reader reader;

    /** Reads who came, and for what. */
    @FunctionalInterface
    interface Reader {
        Arrival read(ChannelHandlerContext context) throws SSLPeerUnverifiedException, CertificateException;
    }

    TlsGate(Doorway doorway, Reader reader) {
        this.doorway = doorway;
        this.reader = reader;
    }

    /**
     * At the mesh port, to which each peer shows a certificate of the mesh.
     *
     * @param dialledPort the declared port that a caller dialled, where a rule led it here
     */
    static TlsGate ofMesh(Doorway doorway, OptionalInt dialledPort) {
        return new TlsGate(doorway, context -> arrival(context, dialledPort));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent shaken)) {
            context.fireUserEventTriggered(event);
            return;
        }
        if (!shaken.isSuccess()) {
            doorway.refusals().refuse(context.channel(), Refusal.HANDSHAKE, deepest(shaken.cause()));
            return;
        }
        try {
            doorway.enter(context.channel(), reader.read(context));
        } catch (SSLPeerUnverifiedException | CertificateException unknown) {
            doorway.refusals().refuse(context.channel(), Refusal.HANDSHAKE, String.valueOf(unknown.getMessage()));
        }
        context.pipeline().remove(this);
    }

    private static Arrival arrival(ChannelHandlerContext context, OptionalInt dialledPort)
            throws SSLPeerUnverifiedException, CertificateException {
        var handler = context.pipeline().get(SslHandler.class);
        var session = handler.engine().getSession();
        var channel = context.channel();
        return new Arrival(
                Side.INBOUND,
                new Destination.Inbound(serverName(session), true, dialledPort),
                peer(session),
                (InetSocketAddress) channel.remoteAddress(),
                (InetSocketAddress) channel.localAddress(),
                Optional.ofNullable(handler.applicationProtocol()));
    }

    private static Peer peer(SSLSession session) throws SSLPeerUnverifiedException, CertificateException {
        if (session.getPeerCertificates()[0] instanceof X509Certificate leaf) return SpiffeVerifier.peer(leaf);
        throw new CertificateException("no X.509 certificate");
    }

    private static String serverName(SSLSession session) {
        if (!(session instanceof ExtendedSSLSession extended)) return "";
        return extended.getRequestedServerNames().stream()
                .filter(SNIHostName.class::isInstance)
                .map(name -> ((SNIHostName) name).getAsciiName().toLowerCase(Locale.ROOT))
                .findFirst()
                .orElse("");
    }

    /** The verifier's own words are at the bottom of what TLS libraries wrap around them. */
    private static String deepest(Throwable thrown) {
        var cause = thrown;
        for (int depth = 0; depth < 10; depth++) {
            var next = cause.getCause();
            if (next == null) break;
            cause = next;
        }
        return String.valueOf(cause.getMessage());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf) ReferenceCountUtil.release(message); // nothing comes before the handshake's end
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
