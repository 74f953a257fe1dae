package io.tulle.proxy.relay;

import io.tulle.proxy.exchange.Exchanges.Time;
import io.tulle.proxy.observe.ConnectionListener;
import io.tulle.proxy.plan.LivePlan;
import io.tulle.proxy.pool.Pools;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The open relays of one event loop, so that a changed policy can be asked about each. Touched on that loop only. */
public final class Relays {
    private final LivePlan plan;
    private final Pools pools;
    private final ConnectionListener listener;
    private final Time time;
    private final RandomGenerator random;
    private final Set<TcpDoor> open = new HashSet<>();

    public Relays(LivePlan plan, Pools pools, ConnectionListener listener, Time time, RandomGenerator random) {
        this.plan = plan;
        this.pools = pools;
        this.listener = listener;
        this.time = time;
        this.random = random;
    }

    /** Closes what the policies in force do not allow any more. A chain that is gone lets its connections end by themselves. */
    public void judgeAgain() {
        List.copyOf(open).forEach(TcpDoor::judgeAgain);
    }

    void opened(TcpDoor door) {
        open.add(door);
    }

    void closed(TcpDoor door) {
        open.remove(door);
    }

    LivePlan plan() {
        return plan;
    }

    Pools pools() {
        return pools;
    }

    ConnectionListener listener() {
        return listener;
    }

    Time time() {
        return time;
    }

    RandomGenerator random() {
        return random;
    }
}
