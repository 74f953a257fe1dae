package io.tulle.proxy.flight;

import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.resilience.RetryRules;

/** In what the flights of loads differ. */
public enum Kind {
    /**
     * A request or a call: somebody waits for its answer. Hence it has a deadline, and may be held back by a fault's delay and by
     * a pause before another attempt.
     */
    EXCHANGE,

    /** Nobody waits for an answer. Held back it would be overtaken by what its sender says next. */
    EVENT;

    /** The most attempts of what is never held back: without a pause, many would do harm. */
    private static final int MOST_AT_ONCE = 3;

    boolean mayWait() {
        return this == EXCHANGE;
    }

    /** The most retries. What does not wait is not sent to an endpoint that failed it a moment ago. */
    int retries(RetryRules rules, Cluster cluster) {
        if (mayWait()) return rules.retries();
        var others = Math.min(MOST_AT_ONCE, cluster.endpoints().endpoints().size()) - 1;
        return Math.max(0, Math.min(rules.retries(), others));
    }
}
