package io.tulle.proxy.filter;

import io.tulle.proxy.route.RequestFacts;
import java.util.concurrent.Executor;

/** One request under judgement: what the exchange shows to filters. */
public interface Inquiry {
    PeerFacts peer();

    RequestFacts request();

    /** Whether the caller hung up, so that nobody waits for a verdict any more. */
    boolean hasEnded();

    /** Where verdicts that come later are acted on: the exchange's own event loop. */
    Executor executor();
}
