package io.tulle.proxy.flight;

import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.resilience.Breaker;
import io.tulle.proxy.resilience.RetryRules;
import java.util.OptionalInt;

/** In what the flights of loads differ. */
public enum Kind {
    /**
     * A request or a call: somebody waits for its answer. Hence it has a deadline, and may be held back by a fault's delay and by
     * a pause before another attempt.
     */
    EXCHANGE,

    /** Nobody waits for an answer. Held back it would be overtaken by what its sender says next. */
    EVENT,

    /**
     * Bytes that nobody reads here; a server may speak first, so it does not wait either. The limit of connections is its limit: it
     * counts neither as a request nor as a retry.
     */
    CONNECTION;

    /** The most attempts of what is never held back: without a pause, many would do harm. */
    private static final int MOST_AT_ONCE = 3;

    boolean mayWait() {
        return this == EXCHANGE;
    }

    /** Whether it takes a place among its cluster's requests, and its other attempts one among retries. */
    boolean isRequest() {
        return this != CONNECTION;
    }

    /** Where its other attempts take their places. */
    Breaker budget(Cluster cluster) {
        return isRequest() ? cluster.limits().retries() : Breaker.of(OptionalInt.empty());
    }

    /**
     * The most retries. What does not wait is not sent to an endpoint that failed it a moment ago.
     *
     * @param places how many endpoints it may go to
     */
    int retries(RetryRules rules, int places) {
        if (mayWait()) return rules.retries();
        var others = Math.min(MOST_AT_ONCE, places) - 1;
        return Math.max(0, Math.min(rules.retries(), others));
    }
}
