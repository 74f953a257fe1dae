package io.tulle.proxy.route;

import io.tulle.model.policy.FaultPolicy;
import io.tulle.model.policy.Percentage;
import io.tulle.proxy.policy.PolicyPlan;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The faults of one route, ready to be drawn for each request. Delay and abort are drawn apart, as in Envoy's fault
 * filter: a request can be held back and then refused. Which requests are meant at all is the route's matches' business.
 */
public final class FaultPlan implements PolicyPlan {
    private static final int MILLION = 1_000_000;
    private static final Fault NO_FAULT = new Fault(Duration.ZERO, Optional.empty());

    /** A plan that harms nobody. */
    public static final FaultPlan NONE = new FaultPlan(new FaultPolicy(Optional.empty(), Optional.empty()));

    private final Percentage delayShare;
    private final Percentage abortShare;
    private final Fault delayed;
    private final Fault aborted;
    private final Fault both;

    private FaultPlan(FaultPolicy policy) {
        var by = policy.delay().map(FaultPolicy.Delay::by).orElse(Duration.ZERO);
        var answer = policy.abort().map(FaultPolicy.Abort::answer);
        delayShare = policy.delay().map(FaultPolicy.Delay::share).orElse(new Percentage(0));
        abortShare = policy.abort().map(FaultPolicy.Abort::share).orElse(new Percentage(0));
        delayed = new Fault(by, Optional.empty());
        aborted = new Fault(Duration.ZERO, answer);
        both = new Fault(by, answer);
    }

    static FaultPlan compile(Optional<FaultPolicy> policy) {
        return policy.map(FaultPlan::new).orElse(NONE);
    }

    /** What befalls this one request. Allocates nothing, and draws only where chance has a say. */
    public Fault draw(RandomGenerator random) {
        var delay = falls(delayShare, random);
        var abort = falls(abortShare, random);
        if (delay) return abort ? both : delayed;
        return abort ? aborted : NO_FAULT;
    }

    private static boolean falls(Percentage share, RandomGenerator random) {
        if (share.millionths() == 0) return false;
        return share.millionths() == MILLION || share.covers(random.nextInt(MILLION));
    }

    /**
     * A fault that was drawn: first wait, then, where there is an answer, give it in the application's place.
     *
     * @param delay zero for none
     */
    public record Fault(Duration delay, Optional<FaultPolicy.Answer> answer) {
        public boolean isNone() {
            return answer.isEmpty() && delay.isZero();
        }
    }
}
