package io.tulle.proxy.pool;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.Reset;
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
 *         --> wait for the first that is free again or new --> ready | failed
 * </pre>
 *
 * Only so many are opened at once: after a hiccup a hundred requests wait, which the connections that stand serve in no time,
 * while a hundred handshakes would keep both ends busy and let the next hundred wait.
 */
final class Pool implements UpstreamConnection.Home {
    /** How many may be opening at once, or half as many as stand: so that a far endpoint's pool grows fast enough too. */
    static final int OPENING = 8;

    private final Dial.Key key;
    private final String cluster;
    private final Pools pools;
    private final Deque<UpstreamConnection> free = new ArrayDeque<>();
    private final Map<UpstreamConnection, IdleTimer> all = new HashMap<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int opening;
    /** Connections that may be opened, within the cluster's limit, and are not yet. */
    private int reserved;

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
        var wait = new Waiting(lease, dial, pools.ticker().nanoTime());
        if (opening > 0 && pools.wires().multiplexes(dial.cluster().spec())) {
            waiting.add(wait);
        } else if (pools.mayOpen(dial)) {
            waiting.add(wait);
            reserved++;
            openMore(dial);
        } else {
            wait.over();
            refuse(lease, "too many connections");
        }
    }

    private static void refuse(Lease lease, String detail) {
        lease.failed(new Reset(Reason.OVER_LIMIT, Failure.CONNECT_FAILED, detail));
    }

    /** Opens what was reserved, as far as somebody still waits for it and not too many are opening. */
    private void openMore(Dial dial) {
        while (reserved > 0) {
            if (waiting.size() <= opening) {
                reserved--;
                pools.giveUp(dial);
            } else if (opening < Math.max(OPENING, all.size() / 2)) {
                reserved--;
                open(dial);
            } else {
                return; // there is one whose end comes back here
            }
        }
    }

    private void open(Dial dial) {
        opening++;
        var spec = dial.cluster().spec();
        pools.open(dial, pools.wires().alpn(spec)).addListener((Future<Channel> done) -> {
            opening--;
            if (done.isSuccess()) opened(dial, done.getNow());
            else failed(dial, done.cause());
            openMore(dial);
            forgetIfEmpty();
        });
    }

    private void opened(Dial dial, Channel channel) {
        var connection = pools.wires().install(channel, dial.cluster().spec(), this);
        var perConnection = dial.cluster().spec().limits().requestsPerConnection();
        var idle = dial.cluster().spec().idleTimeout();
        all.put(connection, new IdleTimer(pools.loop(), pools.ticker(), connection, idle, perConnection));
        roomAgain(connection);
    }

    private void failed(Dial dial, Throwable cause) {
        var why = Pools.reset(cause);
        nextWaiting().ifPresent(lease -> lease.failed(why));
        // Whoever waits for this many connections fails with the last, or has waited for as long as one may take to
        // open: the
        // next attempt of each goes elsewhere.
        var patience = dial.cluster().spec().limits().connectTimeout().toNanos();
        var now = pools.ticker().nanoTime();
        while (!waiting.isEmpty() && (opening == 0 || now - waiting.peek().since >= patience)) {
            nextWaiting().ifPresent(lease -> lease.failed(why));
        }
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
            next.over();
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
        private final long since;
        private boolean counted = true;

        Waiting(Lease lease, Dial dial, long since) {
            this.lease = lease;
            this.dial = dial;
            this.since = since;
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
