package io.tulle.proxy.pool;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.Reset;
import io.tulle.proxy.originate.OriginationFailed;
import io.tulle.proxy.resilience.Failure;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The pools of one event loop, one for each way to reach an endpoint. Touched on that loop only. */
public final class Pools {
    private final EventLoop loop;
    private final Ticker ticker;
    private final Dialer dialer;
    private final Wires wires;
    private final Refusing refusing;
    private final Map<Dial.Key, Pool> pools = new HashMap<>();
    private final Map<String, Integer> connections = new HashMap<>();
    private final Set<Channel> open = new HashSet<>();
    private final Set<Channel> peers = new HashSet<>();
    private boolean closed;

    public Pools(EventLoop loop, Ticker ticker, Dialer dialer, Wires wires, Refusing refusing) {
        this.refusing = refusing;
        this.loop = loop;
        this.ticker = ticker;
        this.dialer = dialer;
        this.wires = wires;
    }

    /** Finds or opens a connection. */
    public void lease(Dial dial, Lease lease) {
        var key = dial.key();
        var pool = pools.computeIfAbsent(key, _ -> new Pool(dial, this));
        pool.lease(dial, lease);
    }

    /** Why a connection was not opened: a limit of the cluster is reached. */
    public static final class OverLimit extends Exception {
        OverLimit() {
            super("too many connections", null, false, false);
        }
    }

    /** Why a load does not get its connection, as its caller may hear it. */
    public static Reset reset(Throwable cause) {
        var reason = switch (cause) {
            case OverLimit _ -> Reason.OVER_LIMIT;
            case OriginationFailed failed -> failed.reason();
            default -> Reason.CONNECT_FAILED;
        };
        var message = cause.getMessage();
        return new Reset(
                reason,
                Failure.CONNECT_FAILED,
                message == null ? cause.getClass().getSimpleName() : message);
    }

    /** Opens a connection that belongs to nobody's pool, within the cluster's limits; as {@link Dialer#dial} gives it. */
    public Future<Channel> connect(Dial dial, List<String> alpn) {
        return mayOpen(dial) ? open(dial, alpn) : loop.newFailedFuture(new OverLimit());
    }

    /**
     * Takes a place among the cluster's connections, for {@link #open}. Before it says no, it gives up a connection that
     * idles: what nobody uses must not keep anybody out.
     */
    boolean mayOpen(Dial dial) {
        var limits = dial.cluster().limits();
        var cluster = dial.cluster().spec().name();
        return limits.tryConnect(hasNone(cluster)) || (closeOneIdle(cluster) && limits.tryConnect(hasNone(cluster)));
    }

    private boolean closeOneIdle(String cluster) {
        return List.copyOf(pools.values()).stream().anyMatch(pool -> pool.isOf(cluster) && pool.closeOneIdle());
    }

    /** Dials, with a place taken; it is given back when the connection fails or closes. */
    Future<Channel> open(Dial dial, List<String> alpn) {
        var cluster = dial.cluster().spec().name();
        connections.merge(cluster, 1, Integer::sum);
        var dialling = dialer.dial(dial, alpn);
        dialling.addListener((Future<Channel> done) -> {
            if (!done.isSuccess()) {
                givenBack(dial);
                refusing.failed(dial, done.cause());
                return;
            }
            var channel = done.getNow();
            open.add(channel);
            if (dial.isToPeer()) peers.add(channel);
            channel.closeFuture().addListener(_ -> {
                open.remove(channel);
                peers.remove(channel);
                givenBack(dial);
            });
        });
        return dialling;
    }

    /** Gives back a place that {@link #mayOpen} took and nobody will use. */
    void giveUp(Dial dial) {
        dial.cluster().limits().connections().giveBack();
    }

    private void givenBack(Dial dial) {
        giveUp(dial);
        var name = dial.cluster().spec().name();
        connections.computeIfPresent(name, (_, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    /** Those that stand now and lead to peers, whose certificates are of the mesh. */
    public List<Channel> toPeers() {
        return List.copyOf(peers);
    }

    /** Closes all, in use or not. */
    public void close() {
        closed = true;
        List.copyOf(open).forEach(Channel::close);
    }

    boolean isClosed() {
        return closed;
    }

    EventLoop loop() {
        return loop;
    }

    Ticker ticker() {
        return ticker;
    }

    Wires wires() {
        return wires;
    }

    private boolean hasNone(String cluster) {
        return !connections.containsKey(cluster);
    }

    void forget(Dial.Key key) {
        pools.remove(key);
    }
}
