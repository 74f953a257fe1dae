package io.tulle.proxy.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.tulle.proxy.exchange.Connection;
import io.tulle.proxy.exchange.Outcome;
import io.tulle.proxy.exchange.Reason;
import io.tulle.proxy.observe.TcpReport;
import io.tulle.proxy.pool.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Bytes for somebody who is not in the mesh, to the very address that the application dialled. Nothing is read from the
 * application before that address answers; when it does not, the application's connection is reset.
 */
public final class PassThrough extends ChannelInboundHandlerAdapter {
    /** Istio's connect timeout; what the application itself would wait does not reach us. */
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final Relays relays;
    private final Connection connection;
    private final Channel caller;
    private final Instant start;
    private final long startNanos;
    private Optional<Join> join = Optional.empty();
    private boolean saidAll;
    private boolean over;

    public PassThrough(Relays relays, Connection connection, Channel caller) {
        this.relays = relays;
        this.connection = connection;
        this.caller = caller;
        this.start = relays.time().clock().instant();
        this.startNanos = relays.time().ticker().nanoTime();
    }

    /** Dials; this handler is in the pipeline already. */
    public void begin(Transport transport) {
        caller.config().setAutoRead(false);
        Join.allowHalfClosure(caller);
        var to = connection.local(); // where the application believes to be
        new Bootstrap()
                .group(caller.eventLoop())
                .channel(transport.towards(to))
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT.toMillis())
                .handler(new ChannelInboundHandlerAdapter())
                .connect(to)
                .addListener((ChannelFuture done) -> {
                    if (done.isSuccess()) joined(done.channel());
                    else failed(String.valueOf(done.cause().getMessage()));
                });
    }

    private void joined(Channel upstream) {
        if (over) {
            upstream.close();
            return;
        }
        var made = new Join(caller, upstream, () -> end(Outcome.answered(0)));
        join = Optional.of(made);
        relays.listener().opened(report(Outcome.answered(0)));
        made.begin();
        if (saidAll) made.callerDone();
    }

    private void failed(String why) {
        caller.config().setOption(ChannelOption.SO_LINGER, 0); // closes with a reset: nobody was there
        end(new Outcome(0, Optional.of(Reason.CONNECT_FAILED), false, why, true));
    }

    private void end(Outcome outcome) {
        if (over) return;
        over = true;
        join.ifPresent(Join::close);
        caller.close();
        relays.listener().closed(report(outcome));
    }

    private TcpReport report(Outcome outcome) {
        return new TcpReport(
                connection,
                Optional.empty(),
                Optional.empty(),
                outcome,
                join.map(Join::fromCaller).orElse(0L),
                join.map(Join::toCaller).orElse(0L),
                start,
                relays.time().ticker().nanoTime() - startNanos);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (join.isPresent()) join.get().callerSaid(message);
        else ReferenceCountUtil.release(message); // reading is off until there is somebody to tell
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        join.ifPresent(Join::callerPaused);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        join.ifPresent(Join::callerWritable);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            saidAll = true;
            join.ifPresent(Join::callerDone);
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        join.ifPresent(Join::callerGone);
        if (join.isEmpty()) end(new Outcome(0, Optional.of(Reason.CALLER_GONE), false, "", false));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
