package io.tulle.proxy.flight;

import io.netty.util.concurrent.ScheduledFuture;
import io.tulle.proxy.balance.Endpoint;
import java.util.Optional;

/**
 * Where a flight is.
 *
 * <pre>
 *   begin --> Grounded ---------> Held --picked--> Aloft --landed--> Landing
 *                | a fault's delay   ^                |                 |
 *                |                   '--failed, again-'                 |
 *                |                   |  a pause       |                 |
 *                '--aborted, refused-'----failed------'-----------------'--end--> Over
 * </pre>
 */
sealed interface State {
    /**
     * Before it takes a place among its cluster's requests.
     *
     * @param until what ends the wait; empty where it does not wait
     */
    record Grounded(Optional<ScheduledFuture<?>> until) implements State {
        static final Grounded NOW = new Grounded(Optional.empty());
    }

    /**
     * At no endpoint: before an attempt.
     *
     * @param until as above
     */
    record Held(Optional<ScheduledFuture<?>> until) implements State {
        static final Held NOW = new Held(Optional.empty());
    }

    /** At an endpoint, which counts it as active. */
    sealed interface There extends State {
        Endpoint at();
    }

    /**
     * An attempt is under way, and nothing of an answer is there.
     *
     * @param ownTime what ends this attempt alone
     */
    record Aloft(Endpoint at, Optional<ScheduledFuture<?>> ownTime) implements There {}

    /** Its answer has begun: nothing is tried again. */
    record Landing(Endpoint at) implements There {}

    record Over() implements State {
        static final Over OVER = new Over();
    }
}
