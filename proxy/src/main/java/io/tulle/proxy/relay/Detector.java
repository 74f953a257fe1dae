package io.tulle.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import io.tulle.proxy.plan.Chain;
import io.tulle.proxy.relay.Requests.Verdict;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * For a port declared without a protocol: the caller's first line decides, once. A caller that is silent may wait for the
 * server's greeting, so after a moment the endpoint is dialled; whoever speaks first then decides, and when that is a
 * caller of HTTP, the endpoint's connection is given up unused.
 *
 * <pre>
 *   waiting --first line--> HTTP or bytes
 *      '--silent--> dialled --first line, or the server--> HTTP or bytes
 * </pre>
 */
public final class Detector extends ChannelInboundHandlerAdapter {
    /** How long a caller may be silent before the endpoint is dialled (the house's rule; Istio's sniffer waits longer). */
    private static final long SILENCE_MILLIS = 2;

    /** How long a first line may stay one that could become a request; then it is bytes. */
    private static final long OPEN_MILLIS = 5_000;

    private final TcpDoor tcp;
    private final Chain chain;
    private final Runnable http;
    private Optional<ScheduledFuture<?>> timer = Optional.empty();
    private ByteBuf seen = Unpooled.EMPTY_BUFFER;
    private boolean dialled;

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
        after(context, SILENCE_MILLIS, () -> silent(context));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        timer.ifPresent(t -> t.cancel(false));
        seen.release();
        seen = Unpooled.EMPTY_BUFFER;
    }

    private void after(ChannelHandlerContext context, long millis, Runnable what) {
        timer.ifPresent(t -> t.cancel(false));
        timer = Optional.of(context.executor().schedule(what, millis, TimeUnit.MILLISECONDS));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var more = (ByteBuf) message;
        var first = !seen.isReadable();
        seen = first ? more : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), seen, more);
        var verdict = dialled && tcp.isAnswered() ? Verdict.BYTES : Requests.read(seen);
        if (verdict != Verdict.OPEN) {
            decide(context, verdict);
        } else if (first) {
            Join.allowHalfClosure(context.channel());
            after(context, OPEN_MILLIS, () -> decide(context, Verdict.BYTES));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // Nothing more comes: what came is all, and no request.
        if (event == ChannelInputShutdownEvent.INSTANCE && seen.isReadable()) decide(context, Verdict.BYTES);
        context.fireUserEventTriggered(event);
    }

    private void decide(ChannelHandlerContext context, Verdict verdict) {
        var first = seen;
        seen = Unpooled.EMPTY_BUFFER;
        if (!dialled && verdict == Verdict.REQUEST) {
            http.run();
        } else if (!dialled) {
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
        dialled = true;
        context.pipeline().addLast(tcp);
        tcp.beginUndecided(chain, first -> {
            if (Requests.read(first) != Verdict.REQUEST) return false;
            http.run();
            return true;
        });
    }
}
