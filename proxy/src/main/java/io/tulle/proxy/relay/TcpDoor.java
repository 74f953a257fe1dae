package io.tulle.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.balance.Pick;
import io.tulle.proxy.exchange.Connection;
import io.tulle.proxy.exchange.Outcome;
import io.tulle.proxy.exchange.Reason;
import io.tulle.proxy.filter.Verdict;
import io.tulle.proxy.observe.TcpReport;
import io.tulle.proxy.plan.Chain;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.pool.Dial;
import io.tulle.proxy.pool.Pools;
import io.tulle.proxy.tls.Alpn;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.WireSpec;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The door for opaque bytes. Nothing is read from the caller before there is an endpoint, and an endpoint is dialled at
 * once, so that a server that speaks first is heard.
 *
 * <pre>
 *   installed --> judged --> dialling --> joined --> closed
 *                    '----------'-----------'----------^
 * </pre>
 */
public final class TcpDoor extends ChannelInboundHandlerAdapter {
    /** How many endpoints are tried: nothing was delivered to one that could not be reached. */
    private static final int MOST_DIALS = 3;

    private final Relays relays;
    private final Connection connection;
    private final Channel caller;
    private final Instant start;
    private final long startNanos;
    private final List<Endpoint> tried = new ArrayList<>(1);
    private final Deque<Object> early = new ArrayDeque<>(1); // what came before there was an endpoint
    private Optional<Cluster> cluster = Optional.empty();
    private Optional<Join> join = Optional.empty();
    private Optional<Undecided> undecided = Optional.empty();
    private boolean saidAll;
    private boolean over;

    public TcpDoor(Relays relays, Connection connection, Channel caller) {
        this.relays = relays;
        this.connection = connection;
        this.caller = caller;
        this.start = relays.time().clock().instant();
        this.startNanos = relays.time().ticker().nanoTime();
    }

    /**
     * Judges the connection and begins to dial; this handler is in the pipeline already.
     *
     * @param chain the one that let it in
     */
    public void begin(Chain chain) {
        relays.opened(this);
        caller.config().setAutoRead(false);
        Join.allowHalfClosure(caller);
        if (judge(chain) instanceof Verdict.Answer no) {
            end(Reason.DENIED, no.reason().detail());
            return;
        }
        var plan = relays.plan().current();
        cluster = target(chain).flatMap(plan::cluster);
        if (cluster.isEmpty()) end(Reason.NO_CLUSTER, chain.spec().name());
        else dial(cluster.get());
    }

    /** Asked with the caller's first bytes while nobody has spoken; true: another door has taken the connection. */
    public interface Undecided {
        boolean takes(ByteBuf first);
    }

    /** As {@link #begin}, but the caller is read meanwhile: its first bytes may still show that this is the wrong door. */
    public void beginUndecided(Chain chain, Undecided other) {
        undecided = Optional.of(other);
        begin(chain);
        if (!over) caller.config().setAutoRead(true);
    }

    /** The caller's first bytes: decides, and gives up this door where it was the wrong one. */
    private boolean isTaken(ChannelHandlerContext context, Object first) {
        var other = undecided;
        undecided = Optional.empty();
        if (other.isEmpty() || join.map(j -> j.toCaller() > 0).orElse(false)) return false;
        if (!(first instanceof ByteBuf bytes) || !other.get().takes(bytes)) {
            if (join.isEmpty()) caller.config().setAutoRead(false);
            return false;
        }
        over = true;
        relays.closed(this);
        join.ifPresent(Join::giveUp);
        context.fireChannelRead(first);
        context.pipeline().remove(this);
        return true;
    }

    boolean mayPass(Chain chain) {
        return judge(chain) instanceof Verdict.Proceed;
    }

    private Verdict judge(Chain chain) {
        return chain.authorizer().judgeConnection(connection.facts());
    }

    /** One of the targets, by weight. */
    private Optional<String> target(Chain chain) {
        var targets = switch (chain.spec().wire()) {
            case WireSpec.Tcp tcp -> tcp.targets();
            case WireSpec.Detected detected -> detected.tcp().targets();
            case WireSpec.Http _, WireSpec.NestTcp _ -> List.<ActionSpec.Target>of();
        };
        var total = targets.stream().mapToInt(t -> t.weight()).sum();
        if (total == 0) return Optional.empty();
        var drawn = relays.random().nextInt(total);
        for (var one : targets) {
            drawn -= one.weight();
            if (drawn < 0) return Optional.of(one.cluster());
        }
        return Optional.empty();
    }

    private void dial(Cluster towards) {
        switch (towards.balancer().pick(tried, relays.random())) {
            case Pick.NoneHealthy(var why) -> end(Reason.NONE_HEALTHY, why);
            case Pick.Chosen(var endpoint) -> {
                tried.add(endpoint);
                endpoint.state().requestStarted();
                var dial = new Dial(towards, endpoint.spec(), connection.remote());
                relays.pools().connect(dial, List.of(Alpn.TCP)).addListener((Future<Channel> done) -> {
                    if (done.isSuccess()) joined(endpoint, done.getNow());
                    else failed(towards, endpoint, done.cause());
                });
            }
        }
    }

    private void failed(Cluster towards, Endpoint endpoint, Throwable cause) {
        endpoint.state().requestEnded();
        if (over) return;
        if (cause instanceof Pools.OverLimit) {
            end(Reason.OVER_LIMIT, String.valueOf(cause.getMessage()));
            return;
        }
        towards.outliers()
                .ifPresent(o -> o.unanswered(endpoint, relays.time().ticker().nanoTime()));
        var more = tried.size()
                < Math.min(MOST_DIALS, towards.endpoints().endpoints().size());
        if (more) dial(towards);
        else end(Reason.CONNECT_FAILED, endpoint + ": " + cause.getMessage());
    }

    private void joined(Endpoint endpoint, Channel upstream) {
        upstream.closeFuture().addListener(_ -> endpoint.state().requestEnded());
        if (over) {
            upstream.close();
            return;
        }
        var made = new Join(caller, upstream, this::closed);
        join = Optional.of(made);
        relays.listener().opened(report(Outcome.answered(0)));
        made.begin();
        for (var said = early.poll(); said != null; said = early.poll()) made.callerSaid(said);
        made.callerPaused();
        if (saidAll) made.callerDone();
    }

    /** Asked when the policies change. */
    void judgeAgain() {
        var chain = relays.plan().current().chain(connection.destination());
        if (chain.isEmpty() || !(judge(chain.get()) instanceof Verdict.Answer no)) return;
        end(Reason.DENIED, no.reason().detail());
    }

    private void closed() {
        end(Optional.empty(), "");
    }

    private void end(Reason reason, String detail) {
        end(Optional.of(reason), detail);
    }

    private void end(Optional<Reason> reason, String detail) {
        if (over) return;
        over = true;
        relays.closed(this);
        early.forEach(ReferenceCountUtil::release);
        early.clear();
        join.ifPresent(Join::close);
        caller.close();
        relays.listener().closed(report(new Outcome(0, reason, false, detail, false)));
    }

    private TcpReport report(Outcome outcome) {
        return new TcpReport(
                connection,
                cluster.map(Cluster::spec),
                tried.isEmpty() ? Optional.empty() : Optional.of(tried.getLast().spec()),
                outcome,
                join.map(Join::fromCaller).orElse(0L),
                join.map(Join::toCaller).orElse(0L),
                start,
                relays.time().ticker().nanoTime() - startNanos);
    }

    // What the caller's connection says. Before there is an endpoint only what came with its introduction.

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (isTaken(context, message)) return;
        if (join.isPresent()) join.get().callerSaid(message);
        else if (over) ReferenceCountUtil.release(message);
        else early.add(message);
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
        if (join.isEmpty()) end(Reason.CALLER_GONE, "");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
