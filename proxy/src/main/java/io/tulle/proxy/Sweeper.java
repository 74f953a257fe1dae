package io.tulle.proxy;

import io.netty.util.concurrent.Ticker;
import io.tulle.proxy.plan.LivePlan;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets ejected endpoints back in when their time is over: looks often, and sweeps each cluster once in its own interval.
 * A new plan does not begin that interval anew, so that frequent changes cannot keep an endpoint out.
 */
final class Sweeper implements Runnable {
    /** How often it looks; an interval is kept to within this. */
    static final long LOOK_MILLIS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

    private final LivePlan plan;
    private final Ticker ticker;
    private final Map<String, Long> swept = new HashMap<>();

    Sweeper(LivePlan plan, Ticker ticker) {
        this.plan = plan;
        this.ticker = ticker;
    }

    @Override
    public void run() {
        try {
            sweep();
        } catch (Throwable e) { // the executor's repetition ends at the first throw, and nobody would be let in again
            LOG.error("ejected endpoints could not be looked at; they are looked at again", e);
        }
    }

    private void sweep() {
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
