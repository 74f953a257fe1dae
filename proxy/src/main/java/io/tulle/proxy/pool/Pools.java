package io.tulle.proxy.pool;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The pools of one event loop, one for each way to reach an endpoint. Touched on that loop only. */
public final class Pools {
    private final EventLoop loop;
    private final Ticker ticker;
    private final Dialer dialer;
    private final Wires wires;
    private final Map<Dial.Key, Pool> pools = new HashMap<>();
    private final Map<String, Integer> connections = new HashMap<>();
    private boolean closed;

    public Pools(EventLoop loop, Ticker ticker, Dialer dialer, Wires wires) {
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

    /** Opens a connection that belongs to nobody's pool, within the cluster's limits; as {@link Dialer#dial} gives it. */
    public Future<Channel> connect(Dial dial, List<String> alpn) {
        var cluster = dial.cluster().spec().name();
        if (!dial.cluster().limits().tryConnect(hasNone(cluster))) return loop.newFailedFuture(new OverLimit());
        opened(cluster);
        var dialling = dialer.dial(dial, alpn);
        dialling.addListener((Future<Channel> done) -> {
            if (done.isSuccess()) done.getNow().closeFuture().addListener(_ -> givenBack(dial));
            else givenBack(dial);
        });
        return dialling;
    }

    private void givenBack(Dial dial) {
        dial.cluster().limits().connections().giveBack();
        closed(dial.cluster().spec().name());
    }

    Dialer dialer() {
        return dialer;
    }

    /** Closes what idles, now and from now on as soon as it does. */
    public void drain() {
        closed = true;
        List.copyOf(pools.values()).forEach(Pool::closeIdle);
    }

    /** Closes all, in use or not. */
    public void close() {
        closed = true;
        List.copyOf(pools.values()).forEach(Pool::closeAll);
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

    /** Whether this loop has no connection towards a cluster. */
    boolean hasNone(String cluster) {
        return !connections.containsKey(cluster);
    }

    void opened(String cluster) {
        connections.merge(cluster, 1, Integer::sum);
    }

    void closed(String cluster) {
        connections.computeIfPresent(cluster, (_, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    void forget(Dial.Key key) {
        pools.remove(key);
    }
}
