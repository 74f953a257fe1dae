package io.tulle.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.filter.DryRun;
import io.tulle.proxy.filter.Verdict;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.plan.Chain;
import io.tulle.proxy.pool.Reading;
import io.tulle.proxy.report.Outcome;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.WireSpec;
import java.util.List;
import java.util.Optional;

/**
 * The door for opaque bytes. Nothing is read from the caller before there is an endpoint, and an endpoint is dialled at
 * once, so that a server that speaks first is heard.
 *
 * <pre>
 *   installed --> judged --> on its way (Passage) --> joined --> closed
 *        '-----------'------------------'------------------------^
 * </pre>
 */
public final class TcpDoor extends Relay {
    private Optional<Passage> passage = Optional.empty();
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
            end(Reason.DENIED, no.reason().detail(), false);
            return;
        }
        var plan = relays().shared().plan().current();
        passage = target(chain).flatMap(plan::cluster).map(towards -> new Passage(this, towards, hashesSource(chain)));
        if (passage.isEmpty()) end(Reason.NO_CLUSTER, chain.spec().name(), false);
        else passage.get().begin();
    }

    /** Asked with the caller's first bytes while nobody has spoken; true: another door has taken the connection. */
    public interface Undecided {
        boolean takes(ByteBuf first);
    }

    /** As {@link #begin}, but the caller is read meanwhile: its first bytes may still show that this is the wrong door. */
    public void beginUndecided(Chain chain, Undecided other) {
        undecided = Optional.of(other);
        begin(chain);
        if (!isOver()) Reading.on(caller());
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

    private static Optional<WireSpec.Tcp> wire(Chain chain) {
        return switch (chain.spec().wire()) {
            case WireSpec.Tcp tcp -> Optional.of(tcp);
            case WireSpec.Detected detected -> Optional.of(detected.tcp());
            case WireSpec.Http _, WireSpec.NestTcp _ -> Optional.empty();
        };
    }

    private static boolean hashesSource(Chain chain) {
        return wire(chain).filter(WireSpec.Tcp::hashesSource).isPresent();
    }

    /** One of the targets, by weight. */
    private Optional<String> target(Chain chain) {
        var targets = wire(chain).map(WireSpec.Tcp::targets).orElse(List.of());
        var total = targets.stream().mapToInt(t -> t.weight()).sum();
        if (total == 0) return Optional.empty();
        var drawn = relays().shared().random().nextInt(total);
        for (var one : targets) {
            drawn -= one.weight();
            if (drawn < 0) return Optional.of(one.cluster());
        }
        return Optional.empty();
    }

    /** Asked when the policies change. */
    void judgeAgain() {
        var plan = relays().shared().plan().current();
        if (plan.isSecuredSince(connection().destination(), connection().facts().port())) {
            end(Reason.DENIED, "only mutual TLS is taken now", false);
            return;
        }
        var chain = plan.chain(connection().destination());
        if (chain.isEmpty() || !(judge(chain.get()) instanceof Verdict.Answer no)) return;
        end(Reason.DENIED, no.reason().detail(), false);
    }

    /** @param exhausted whether as many endpoints were tried as may be */
    void end(Reason reason, String detail, boolean exhausted) {
        // No byte was delivered: a peer's sidecar hears it, and goes elsewhere. What is denied here is denied
        // everywhere.
        if (!isOver() && !isJoined() && reason != Reason.DENIED)
            Pieces.of(caller()).ifPresent(Pieces::sayNotTaken);
        end(new Outcome(0, Optional.of(reason), exhausted, detail, false));
    }

    @Override
    Optional<DryRun.Said> dryRun() {
        return dryRun;
    }

    @Override
    Optional<ClusterSpec> cluster() {
        return passage.map(towards -> towards.cluster().spec());
    }

    @Override
    Optional<EndpointSpec> endpoint() {
        return passage.flatMap(Passage::endpoint).map(Endpoint::spec);
    }

    @Override
    void ended() {
        relays().closed(this);
        passage.ifPresent(Passage::end);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!isTaken(context, message)) super.channelRead(context, message);
    }
}
