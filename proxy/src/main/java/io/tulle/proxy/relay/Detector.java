package io.tulle.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import io.tulle.proxy.plan.Chain;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * For a port declared without a protocol: the caller's first bytes decide, once. A caller that is silent may wait for the
 * server's greeting, so after a moment the endpoint is dialled; whoever speaks first then decides, and when that is a
 * caller of HTTP, the endpoint's connection is given up unused.
 */
public final class Detector extends ChannelInboundHandlerAdapter {
    /** How long a caller may be silent before the endpoint is dialled (the house's rule; Istio's sniffer waits longer). */
    private static final long SILENCE_MILLIS = 2;

    private final TcpDoor tcp;
    private final Chain chain;
    private final Runnable http;
    private Optional<ScheduledFuture<?>> timer = Optional.empty();

    /**
     * @param http installs the door of HTTP at the end of the pipeline
     */
    public Detector(TcpDoor tcp, Chain chain, Runnable http) {
        this.tcp = tcp;
        this.chain = chain;
        this.http = http;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        timer = Optional.of(context.executor().schedule(() -> silent(context), SILENCE_MILLIS, TimeUnit.MILLISECONDS));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        timer.ifPresent(t -> t.cancel(false));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        decide(context, (ByteBuf) message);
    }

    private void decide(ChannelHandlerContext context, ByteBuf first) {
        if (Requests.looksLikeOne(first)) {
            http.run();
        } else {
            context.pipeline().addLast(tcp);
            tcp.begin(chain);
        }
        context.fireChannelRead(first);
        context.fireChannelReadComplete();
        context.pipeline().remove(this);
    }

    private void silent(ChannelHandlerContext context) {
        // A connection that may be let in only as requests is not dialled for: its bytes must show what it is.
        if (!context.channel().isActive() || !tcp.mayPass(chain)) return;
        context.pipeline().addLast(tcp);
        tcp.beginUndecided(chain, first -> {
            if (!Requests.looksLikeOne(first)) return false;
            http.run();
            return true;
        });
        context.pipeline().remove(this);
    }
}
