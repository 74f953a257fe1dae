package io.tulle.proxy.exchange;

import io.tulle.proxy.flight.Tower;
import io.tulle.proxy.plan.LivePlan;
import io.tulle.proxy.pool.Pools;
import io.tulle.proxy.report.Observers;
import java.time.Clock;
import java.util.random.RandomGenerator;

/**
 * What the doors of one event loop share, whatever they speak. Touched on that loop only.
 *
 * @param clock the hour of the day, for logs
 */
public record Shared(
        LivePlan plan, Pools pools, Observers observers, Clock clock, Tower tower, Holdings holdings, CopyRoom copies) {
    public Shared(LivePlan plan, Pools pools, Observers observers, Clock clock, Tower tower, Holdings holdings) {
        this(plan, pools, observers, clock, tower, holdings, new CopyRoom(holdings));
    }

    /** For durations, in nanoseconds. */
    public long now() {
        return tower.now();
    }

    public RandomGenerator random() {
        return tower.random();
    }

    public String newRequestId() {
        return RequestIds.draw(random());
    }
}
