package io.tulle.proxy.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.tulle.proxy.message.Connection.Side;
import io.tulle.proxy.plan.Destination;
import io.tulle.proxy.plan.Plan;
import io.tulle.proxy.report.Refusal;
import io.tulle.proxy.tls.Peer;
import io.tulle.proxy.tls.TlsContexts;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLException;

/**
 * Looks at the first byte that comes to the mesh port: 0x16 begins a TLS handshake record (RFC 8446 section 5.1), which
 * no plaintext protocol of ours begins with. Plaintext goes on only where the plan has one port for it.
 */
final class Sniffer extends ChannelInboundHandlerAdapter {
    private static final byte HANDSHAKE = 0x16;

    private final Doorway doorway;
    private final TlsContexts tls;
    private final long patienceMillis;
    private final Function<Channel, OptionalInt> dialledPort;
    private Optional<ScheduledFuture<?>> timer = Optional.empty();

    /**
     * @param dialledPort the declared port that a caller dialled, where a rule led it here
     */
    Sniffer(Doorway doorway, TlsContexts tls, long patienceMillis, Function<Channel, OptionalInt> dialledPort) {
        this.doorway = doorway;
        this.tls = tls;
        this.patienceMillis = patienceMillis;
        this.dialledPort = dialledPort;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        Runnable silent = () -> doorway.refusals().refuse(context.channel(), Refusal.SILENT, "no first byte");
        timer = Optional.of(context.executor().schedule(silent, patienceMillis, TimeUnit.MILLISECONDS));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        timer.ifPresent(t -> t.cancel(false));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        timer.ifPresent(t -> t.cancel(false));
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        if (!bytes.isReadable()) {
            bytes.release();
            return;
        }
        if (bytes.getByte(bytes.readerIndex()) == HANDSHAKE) secure(context, bytes);
        else plain(context, bytes);
    }

    private void secure(ChannelHandlerContext context, ByteBuf bytes) {
        try {
            var server = tls.server();
            if (server.isEmpty()) {
                ReferenceCountUtil.release(bytes);
                doorway.refusals().refuse(context.channel(), Refusal.NO_IDENTITY, "");
                return;
            }
            var handler = server.get().newHandler(context.alloc());
            handler.setHandshakeTimeoutMillis(patienceMillis);
            context.pipeline()
                    .addAfter(context.name(), null, TlsGate.ofMesh(doorway, dialledPort.apply(context.channel())));
            context.pipeline().addAfter(context.name(), null, handler);
        } catch (SSLException unusable) {
            ReferenceCountUtil.release(bytes);
            doorway.refusals().refuse(context.channel(), Refusal.HANDSHAKE, String.valueOf(unusable.getMessage()));
            return;
        }
        context.fireChannelRead(bytes);
        context.pipeline().remove(this);
    }

    private void plain(ChannelHandlerContext context, ByteBuf bytes) {
        var channel = context.channel();
        var port = dialledPort.apply(channel);
        var taken = doorway.plan().current().plaintextInbound(port);
        if (taken != Plan.Plaintext.TAKEN) {
            ReferenceCountUtil.release(bytes);
            var why = taken == Plan.Plaintext.UNCLEAR ? Refusal.UNCLEAR_PORT : Refusal.PLAINTEXT;
            doorway.refusals().refuse(channel, why, "not a TLS handshake");
            return;
        }
        var arrival = new Arrival(
                Side.INBOUND,
                new Destination.Inbound("", false, port),
                Peer.ANONYMOUS,
                (InetSocketAddress) channel.remoteAddress(),
                (InetSocketAddress) channel.localAddress(),
                Optional.empty());
        doorway.enter(channel, arrival);
        context.fireChannelRead(bytes);
        context.pipeline().remove(this);
    }
}
