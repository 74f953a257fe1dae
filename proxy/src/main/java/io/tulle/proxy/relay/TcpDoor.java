package io.tulle.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.balance.Pick;
import io.tulle.proxy.filter.DryRun;
import io.tulle.proxy.filter.Verdict;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.plan.Chain;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.pool.Dial;
import io.tulle.proxy.pool.Dialer;
import io.tulle.proxy.pool.Pools;
import io.tulle.proxy.report.Outcome;
import io.tulle.proxy.tls.Alpn;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.WireSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The door for opaque bytes. Nothing is read from the caller before there is an endpoint, and an endpoint is dialled at
 * once, so that a server that speaks first is heard.
 *
 * <pre>
 *   installed --> judged --> dialling <-- not taken --.
 *                               '--> connected --> asking the other sidecar --> joined --> closed
 * </pre>
 *
 * From each state it may be closed. A peer's sidecar says whether its application took the connection ({@link Pieces}).
 */
public final class TcpDoor extends Relay {
    /** How many endpoints are tried: nothing was delivered to one that could not be reached. */
    private static final int MOST_DIALS = 3;

    private final List<Endpoint> tried = new ArrayList<>(1);
    private Optional<Cluster> cluster = Optional.empty();
    private Optional<Undecided> undecided = Optional.empty();
    private Optional<DryRun.Said> dryRun = Optional.empty();

    public TcpDoor(Relays relays, Connection connection, Channel caller) {
        super(relays, connection, caller);
    }

    /**
     * Judges the connection and begins to dial; this handler is in the pipeline already.
     *
     * @param chain the one that let it in
     */
    public void begin(Chain chain) {
        relays().opened(this);
        hold();
        dryRun = chain.dryRun().map(tried -> tried.judgeConnection(connection().facts()));
        if (judge(chain) instanceof Verdict.Answer no) {
            end(Reason.DENIED, no.reason().detail());
            return;
        }
        var plan = relays().shared().plan().current();
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
        if (!isOver()) caller().config().setAutoRead(true);
    }

    /** The caller's first bytes: decides, and gives up this door where it was the wrong one. */
    private boolean isTaken(ChannelHandlerContext context, Object first) {
        var other = undecided;
        undecided = Optional.empty();
        if (other.isEmpty() || isAnswered()) return false;
        if (!(first instanceof ByteBuf bytes) || !other.get().takes(bytes)) {
            if (!isJoined()) caller().config().setAutoRead(false);
            return false;
        }
        giveUp();
        context.fireChannelRead(first);
        context.pipeline().remove(this);
        return true;
    }

    boolean mayPass(Chain chain) {
        return judge(chain) instanceof Verdict.Proceed;
    }

    private Verdict judge(Chain chain) {
        return chain.authorizer().judgeConnection(connection().facts());
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
        var drawn = relays().shared().random().nextInt(total);
        for (var one : targets) {
            drawn -= one.weight();
            if (drawn < 0) return Optional.of(one.cluster());
        }
        return Optional.empty();
    }

    private void dial(Cluster towards) {
        switch (towards.balancer().pick(tried, relays().shared().random())) {
            case Pick.NoneHealthy(var why) -> end(Reason.NONE_HEALTHY, why);
            case Pick.Chosen(var endpoint) -> {
                tried.add(endpoint);
                endpoint.state().requestStarted();
                var dial = new Dial(towards, endpoint.spec(), connection().remote());
                relays().shared().pools().connect(dial, List.of(Alpn.TCP)).addListener((Future<Channel> done) -> {
                    if (done.isSuccess()) {
                        connected(towards, endpoint, done.getNow());
                        return;
                    }
                    endpoint.state().requestEnded();
                    failed(towards, endpoint, done.cause());
                });
            }
        }
    }

    private void failed(Cluster towards, Endpoint endpoint, Throwable cause) {
        if (isOver()) return;
        if (cause instanceof Pools.OverLimit) {
            end(Reason.OVER_LIMIT, String.valueOf(cause.getMessage()));
            return;
        }
        towards.outliers()
                .ifPresent(o -> o.unanswered(endpoint, relays().shared().now()));
        var more = tried.size()
                < Math.min(MOST_DIALS, towards.endpoints().endpoints().size());
        if (more) dial(towards);
        else end(Reason.CONNECT_FAILED, endpoint + ": " + cause.getMessage());
    }

    private void connected(Cluster towards, Endpoint endpoint, Channel upstream) {
        upstream.closeFuture().addListener(_ -> endpoint.state().requestEnded());
        Pieces.speakIfSettled(upstream);
        Pieces.of(upstream).ifPresentOrElse(pieces -> ask(pieces, towards, endpoint, upstream), () -> joined(upstream));
    }

    /** Nothing is sent before the application at the other end has the connection, so that it may go elsewhere. */
    private void ask(Pieces pieces, Cluster towards, Endpoint endpoint, Channel upstream) {
        var patience = towards.spec().limits().connectTimeout().toMillis();
        var asked = new Asked(towards, endpoint, upstream);
        var timer = upstream.eventLoop().schedule(asked::notTaken, patience, TimeUnit.MILLISECONDS);
        upstream.closeFuture().addListener(_ -> {
            timer.cancel(false);
            asked.cut();
        });
        pieces.await(asked);
    }

    /** One sidecar that is asked: it answers once, or is too late. */
    private final class Asked implements Pieces.Answer {
        private final Cluster towards;
        private final Endpoint endpoint;
        private final Channel upstream;
        private boolean settled;

        Asked(Cluster towards, Endpoint endpoint, Channel upstream) {
            this.towards = towards;
            this.endpoint = endpoint;
            this.upstream = upstream;
        }

        @Override
        public void taken() {
            if (settle()) joined(upstream);
        }

        @Override
        public void notTaken() {
            if (!settle()) return;
            upstream.close();
            failed(towards, endpoint, new Dialer.DialFailed("its application does not answer"));
        }

        /** It would not have this caller, or is gone: another instance would say the same, or is tried by the caller. */
        void cut() {
            if (settle()) end(Reason.CONNECT_FAILED, endpoint + ": its sidecar closed the connection");
        }

        private boolean settle() {
            var first = !settled;
            settled = true;
            return first;
        }
    }

    /** Asked when the policies change. */
    void judgeAgain() {
        var plan = relays().shared().plan().current();
        if (plan.isSecuredSince(connection().destination(), connection().facts().port())) {
            end(Reason.DENIED, "only mutual TLS is taken now");
            return;
        }
        var chain = plan.chain(connection().destination());
        if (chain.isEmpty() || !(judge(chain.get()) instanceof Verdict.Answer no)) return;
        end(Reason.DENIED, no.reason().detail());
    }

    private void end(Reason reason, String detail) {
        // No byte was delivered: a peer's sidecar hears it, and goes elsewhere. What is denied here is denied
        // everywhere.
        if (!isOver() && !isJoined() && reason != Reason.DENIED)
            Pieces.of(caller()).ifPresent(Pieces::sayNotTaken);
        end(new Outcome(0, Optional.of(reason), false, detail, false));
    }

    @Override
    Optional<DryRun.Said> dryRun() {
        return dryRun;
    }

    @Override
    Optional<ClusterSpec> cluster() {
        return cluster.map(Cluster::spec);
    }

    @Override
    Optional<EndpointSpec> endpoint() {
        return tried.isEmpty() ? Optional.empty() : Optional.of(tried.getLast().spec());
    }

    @Override
    void ended() {
        relays().closed(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!isTaken(context, message)) super.channelRead(context, message);
    }
}
