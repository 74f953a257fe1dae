package io.tulle.proxy;

import io.netty.util.concurrent.Ticker;
import io.tulle.proxy.plan.LivePlan;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets ejected endpoints back in when their time is over: looks often, and sweeps each cluster once in its own interval.
 * A new plan does not begin that interval anew, so that frequent changes cannot keep an endpoint out.
 */
final class Sweeper implements Runnable {
    /** How often it looks; an interval is kept to within this. */
    static final long LOOK_MILLIS = 100;

    private final LivePlan plan;
    private final Ticker ticker;
    private final Map<String, Long> swept = new HashMap<>();

    Sweeper(LivePlan plan, Ticker ticker) {
        this.plan = plan;
        this.ticker = ticker;
    }

    @Override
    public void run() {
        var now = ticker.nanoTime();
        var clusters = plan.current().clusters();
        swept.keySet().retainAll(clusters.keySet());
        clusters.forEach((name, cluster) -> cluster.outliers().ifPresent(outliers -> {
            var last = swept.computeIfAbsent(name, _ -> now);
            if (now - last < outliers.interval().toNanos()) return;
            swept.put(name, now);
            outliers.sweep(now);
        }));
    }
}
