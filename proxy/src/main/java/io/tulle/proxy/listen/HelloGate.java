package io.tulle.proxy.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.tulle.proxy.message.Connection.Side;
import io.tulle.proxy.plan.Chain;
import io.tulle.proxy.plan.Destination;
import io.tulle.proxy.report.Refusal;
import io.tulle.proxy.tls.Peer;
import io.tulle.xds.spec.ChainSpec.Security;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The door of a gateway that speaks TLS: reads whom a caller asks for (SNI, RFC 6066 section 3), and either ends its TLS with the
 * certificate for that name, or hands all of it on as it is.
 */
final class HelloGate extends AbstractSniHandler<Optional<Chain>> {
    /** Of a ClientHello; with what post-quantum key shares and long ALPN lists take (Envoy's tls_inspector: 16 KiB). */
    private static final int LONGEST_HELLO = 16 * 1024;

    private final Doorway doorway;
    private final String listener;
    private final long patienceMillis;
    private boolean isTls;

    HelloGate(Doorway doorway, String listener, long patienceMillis) {
        super(LONGEST_HELLO, patienceMillis);
        this.doorway = doorway;
        this.listener = listener;
        this.patienceMillis = patienceMillis;
    }

    @Override
    protected Future<Optional<Chain>> lookup(ChannelHandlerContext context, @Nullable ByteBuf hello) throws Exception {
        isTls = hello != null;
        return super.lookup(context, hello);
    }

    @Override
    protected Future<Optional<Chain>> lookup(ChannelHandlerContext context, @Nullable String hostname) {
        var found = doorway.plan().current().chain(destination(hostname));
        return context.executor().newSucceededFuture(found);
    }

    @Override
    protected void onLookupComplete(
            ChannelHandlerContext context, @Nullable String hostname, Future<Optional<Chain>> found) {
        var channel = context.channel();
        if (!isTls) {
            doorway.refusals().refuse(channel, Refusal.NOT_TLS, listener);
            return;
        }
        var to = destination(hostname);
        var chain = found.getNow();
        if (chain == null || chain.isEmpty()) {
            doorway.refusals().refuse(channel, Refusal.NO_CHAIN, "the server name '" + name(hostname) + "'");
            return;
        }
        switch (chain.get().spec().security()) {
            case Security.PassedThrough _ -> {
                doorway.enter(channel, arrival(context, to));
                context.pipeline().remove(this); // what was read of it goes on to the door
            }
            case Security.Terminated _ -> terminate(context, to, chain.get(), name(hostname));
            case Security.MutualTls _, Security.Plaintext _ ->
                doorway.refusals().refuse(channel, Refusal.NO_CHAIN, to.toString());
        }
    }

    private void terminate(ChannelHandlerContext context, Destination to, Chain chain, String hostname) {
        if (chain.tls().isEmpty()) {
            doorway.refusals().refuse(context.channel(), Refusal.NO_CERTIFICATE, to.toString());
            return;
        }
        var handler = chain.tls().get().contextFor(hostname).newHandler(context.alloc());
        handler.setHandshakeTimeoutMillis(patienceMillis);
        var pipeline = context.pipeline();
        pipeline.addAfter(context.name(), null, new TlsGate(doorway, _ -> arrival(context, to)));
        pipeline.replace(this, SslHandler.class.getName(), handler);
    }

    private Arrival arrival(ChannelHandlerContext context, Destination to) {
        var channel = context.channel();
        var handler = Optional.ofNullable(channel.pipeline().get(SslHandler.class));
        return new Arrival(
                Side.DOOR,
                to,
                Peer.ANONYMOUS,
                (InetSocketAddress) channel.remoteAddress(),
                (InetSocketAddress) channel.localAddress(),
                handler.flatMap(shaken -> Optional.ofNullable(shaken.applicationProtocol())));
    }

    private Destination.Bound destination(@Nullable String hostname) {
        return new Destination.Bound(listener, Optional.of(name(hostname)));
    }

    private static String name(@Nullable String hostname) {
        return hostname == null ? "" : hostname.toLowerCase(Locale.ROOT);
    }
}
