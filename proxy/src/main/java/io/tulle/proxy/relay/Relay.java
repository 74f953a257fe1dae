package io.tulle.proxy.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.tulle.proxy.filter.DryRun;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.report.Outcome;
import io.tulle.proxy.report.TcpReport;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The caller's side of a connection whose bytes are passed on as they are, from its arrival until both ends are closed. The
 * caller is not read before there is somebody to tell. Touched on the caller's loop only.
 */
abstract class Relay extends ChannelInboundHandlerAdapter {
    private final Relays relays;
    private final Connection connection;
    private final Channel caller;
    private final Instant start;
    private final long startNanos;
    private final Deque<Object> early = new ArrayDeque<>(1); // what came with the introduction
    private Optional<Join> join = Optional.empty();
    private boolean saidAll;
    private boolean over;

    Relay(Relays relays, Connection connection, Channel caller) {
        this.relays = relays;
        this.connection = connection;
        this.caller = caller;
        this.start = relays.shared().clock().instant();
        this.startNanos = relays.shared().now();
    }

    /** Where the bytes go; empty outside the mesh, and before it is known. */
    Optional<ClusterSpec> cluster() {
        return Optional.empty();
    }

    Optional<EndpointSpec> endpoint() {
        return Optional.empty();
    }

    /** What policies that are only tried say of it; empty where there are none. */
    Optional<DryRun.Said> dryRun() {
        return Optional.empty();
    }

    /** Once, when it is over. */
    void ended() {}

    final Relays relays() {
        return relays;
    }

    final Connection connection() {
        return connection;
    }

    final Channel caller() {
        return caller;
    }

    final boolean isOver() {
        return over;
    }

    final boolean isJoined() {
        return join.isPresent();
    }

    /** Whether the other end has said anything yet. */
    final boolean isAnswered() {
        return join.map(j -> j.toCaller() > 0).orElse(false);
    }

    /** Reads nothing more until there is somebody to tell. */
    final void hold() {
        caller.config().setAutoRead(false);
        Join.allowHalfClosure(caller);
    }

    /** There is somebody: bytes flow from now on. */
    final void joined(Channel upstream) {
        if (over) {
            upstream.close();
            return;
        }
        Pieces.of(caller).ifPresent(Pieces::sayTaken);
        var made = new Join(caller, upstream, () -> end(new Outcome(0, Optional.empty(), false, "", false)));
        join = Optional.of(made);
        relays.shared().observers().connections().opened(report(Outcome.answered(0)));
        made.begin();
        for (var said = early.poll(); said != null; said = early.poll()) made.callerSaid(said);
        made.callerPaused();
        if (saidAll || !caller.isActive()) made.callerDone();
        if (!caller.isActive()) made.callerGone();
    }

    final void end(Outcome outcome) {
        if (over) return;
        over = true;
        ended();
        early.forEach(ReferenceCountUtil::release);
        early.clear();
        join.ifPresent(Join::close);
        caller.close();
        relays.shared().observers().connections().closed(report(outcome));
    }

    /** Leaves the caller to another handler; this one is over without a report. */
    final void giveUp() {
        over = true;
        ended();
        join.ifPresent(Join::giveUp);
    }

    private TcpReport report(Outcome outcome) {
        return new TcpReport(
                connection,
                cluster(),
                endpoint(),
                outcome,
                join.map(Join::fromCaller).orElse(0L),
                join.map(Join::toCaller).orElse(0L),
                start,
                relays.shared().now() - startNanos,
                dryRun());
    }

    // What the caller's connection says.

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (join.isPresent()) join.get().callerSaid(message);
        else if (over) ReferenceCountUtil.release(message);
        else early.add(message);
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext context) {
        join.ifPresent(Join::callerPaused);
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext context) {
        join.ifPresent(Join::callerWritable);
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (Join.isEnd(event, caller)) {
            saidAll = true;
            join.ifPresent(Join::callerDone);
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public final void channelInactive(ChannelHandlerContext context) {
        join.ifPresent(Join::callerGone);
        // What it said before it hung up is still delivered: a socket without a mesh would have taken it too.
        if (join.isEmpty() && early.isEmpty()) end(new Outcome(0, Optional.of(Reason.CALLER_GONE), false, "", false));
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
