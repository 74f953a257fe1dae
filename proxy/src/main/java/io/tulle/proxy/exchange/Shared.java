package io.tulle.proxy.exchange;

import io.tulle.proxy.exchange.Exchanges.Time;
import io.tulle.proxy.plan.LivePlan;
import io.tulle.proxy.pool.Pools;
import io.tulle.proxy.report.Observers;
import java.util.random.RandomGenerator;

/** What the doors of one event loop share, whatever they speak. Touched on that loop only. */
public record Shared(
        LivePlan plan,
        Pools pools,
        Observers observers,
        Time time,
        RandomGenerator random,
        Holdings holdings,
        CopyRoom copies) {
    public Shared(
            LivePlan plan, Pools pools, Observers observers, Time time, RandomGenerator random, Holdings holdings) {
        this(plan, pools, observers, time, random, holdings, new CopyRoom(holdings));
    }

    /** For durations, in nanoseconds. */
    public long now() {
        return time.ticker().nanoTime();
    }

    public String newRequestId() {
        return RequestIds.draw(random);
    }
}
