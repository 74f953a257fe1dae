package io.tulle.proxy.pool;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.tulle.proxy.exchange.Reason;
import io.tulle.proxy.exchange.Reset;
import io.tulle.proxy.resilience.Failure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Connections of one loop to one endpoint. The one used last is used first, so that what is not needed idles away.
 *
 * <pre>
 *   lease --> free? ready
 *         --> may wait for one that is opening, or open one --> ready | failed
 * </pre>
 */
final class Pool implements UpstreamConnection.Home {
    private final Dial.Key key;
    private final String cluster;
    private final Pools pools;
    private final Deque<UpstreamConnection> free = new ArrayDeque<>();
    private final Map<UpstreamConnection, IdleTimer> all = new HashMap<>();
    private final Deque<Lease> waiting = new ArrayDeque<>();
    private int opening;

    Pool(Dial first, Pools pools) {
        this.key = first.key();
        this.cluster = first.cluster().spec().name();
        this.pools = pools;
    }

    void lease(Dial dial, Lease lease) {
        var connection = takeFree();
        if (connection.isPresent()) {
            give(connection.get(), lease);
            return;
        }
        var limits = dial.cluster().limits();
        if (!limits.pending().tryTake()) {
            refuse(lease, "too many requests wait for a connection");
            return;
        }
        var wait = new Waiting(lease, dial);
        if (opening > 0 && pools.wires().multiplexes(dial.cluster().spec())) {
            waiting.add(wait);
        } else if (pools.mayOpen(dial)) {
            waiting.add(wait);
            open(dial);
        } else {
            wait.over();
            refuse(lease, "too many connections");
        }
    }

    private static void refuse(Lease lease, String detail) {
        lease.failed(new Reset(Reason.OVER_LIMIT, Failure.CONNECT_FAILED, detail));
    }

    private void open(Dial dial) {
        opening++;
        var spec = dial.cluster().spec();
        pools.open(dial, pools.wires().alpn(spec)).addListener((Future<Channel> done) -> {
            opening--;
            if (done.isSuccess()) opened(dial, done.getNow());
            else failed(done.cause());
        });
    }

    private void opened(Dial dial, Channel channel) {
        var connection = pools.wires().install(channel, dial.cluster().spec(), this);
        var perConnection = dial.cluster().spec().limits().requestsPerConnection();
        var idle = dial.cluster().spec().limits().idleTimeout();
        all.put(connection, new IdleTimer(pools.loop(), pools.ticker(), connection, idle, perConnection));
        roomAgain(connection);
    }

    private void failed(Throwable cause) {
        var why = new Reset(Reason.CONNECT_FAILED, Failure.CONNECT_FAILED, said(cause));
        // All who wait for this many connections fail with it: the next attempt of each goes elsewhere.
        nextWaiting().ifPresent(lease -> lease.failed(why));
        if (opening == 0) {
            for (var next = nextWaiting(); next.isPresent(); next = nextWaiting())
                next.get().failed(why);
        }
        forgetIfEmpty();
    }

    private static String said(Throwable cause) {
        var message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    @Override
    public void roomAgain(UpstreamConnection connection) {
        var timer = all.get(connection);
        if (timer == null) return;
        while (connection.hasRoom() && !timer.isWornOut()) {
            var next = nextWaiting();
            if (next.isEmpty()) break;
            use(connection, next.get());
        }
        // Whoever waits is served first, in a drain too: its request was let in.
        if (timer.isWornOut() || pools.isClosed()) {
            free.remove(connection);
            if (connection.isIdle()) connection.close();
            return;
        }
        if (connection.hasRoom() && !free.contains(connection)) free.push(connection);
        if (connection.isIdle()) timer.idle();
    }

    @Override
    public void gone(UpstreamConnection connection) {
        free.remove(connection);
        var timer = all.remove(connection);
        if (timer != null) timer.stop();
        forgetIfEmpty();
    }

    boolean isOf(String name) {
        return cluster.equals(name);
    }

    /** Gives up the connection that idles the longest; false when none does. */
    boolean closeOneIdle() {
        for (var oldest = free.descendingIterator(); oldest.hasNext(); ) {
            var connection = oldest.next();
            if (!connection.isIdle()) continue;
            connection.close();
            return true;
        }
        return false;
    }

    private Optional<UpstreamConnection> takeFree() {
        for (var next = free.peek(); next != null; next = free.peek()) {
            if (next.hasRoom()) return Optional.of(next);
            free.pop();
        }
        return Optional.empty();
    }

    private void give(UpstreamConnection connection, Lease lease) {
        use(connection, lease);
        if (!connection.hasRoom()) free.remove(connection);
    }

    private void use(UpstreamConnection connection, Lease lease) {
        var timer = all.get(connection);
        if (timer != null) timer.used();
        lease.ready(connection);
    }

    private Optional<Lease> nextWaiting() {
        for (var next = waiting.poll(); next != null; next = waiting.poll()) {
            if (next instanceof Waiting wait) wait.over();
            if (!next.isOver()) return Optional.of(next);
        }
        return Optional.empty();
    }

    private void forgetIfEmpty() {
        if (all.isEmpty() && opening == 0 && waiting.isEmpty()) pools.forget(key);
    }

    /** A lease that counts as pending until it has, or has not, its connection. */
    private static final class Waiting implements Lease {
        private final Lease lease;
        private final Dial dial;
        private boolean counted = true;

        Waiting(Lease lease, Dial dial) {
            this.lease = lease;
            this.dial = dial;
        }

        void over() {
            if (counted) dial.cluster().limits().pending().giveBack();
            counted = false;
        }

        @Override
        public void ready(UpstreamConnection connection) {
            lease.ready(connection);
        }

        @Override
        public void failed(Reset why) {
            lease.failed(why);
        }

        @Override
        public boolean isOver() {
            return lease.isOver();
        }
    }
}
