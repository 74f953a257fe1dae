package io.tulle.proxy.route;

import io.tulle.model.policy.CorsPolicy;
import io.tulle.model.policy.FaultPolicy;
import io.tulle.model.policy.HashPolicy;
import io.tulle.model.policy.HeaderPolicy;
import io.tulle.model.policy.MirrorPolicy;
import io.tulle.model.policy.RetryPolicy;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.policy.SessionPolicy;
import io.tulle.model.policy.TimeoutPolicy;
import io.tulle.proxy.policy.PolicyPlan;
import io.tulle.proxy.policy.PolicyPlans;
import io.tulle.proxy.resilience.RetryRules;
import io.tulle.xds.spec.RouteSpec;
import java.time.Duration;
import java.util.Optional;

/** What holds for every request of one route, whichever match and target it took. Looked up once, when it is compiled. */
public final class Route {
    private final String name;
    private final Optional<Duration> timeout;
    private final RetryRules retries;
    private final FaultPlan faults;
    private final HeaderPlan headers;
    private final MirrorPlan mirrors;
    private final HashPlan hashing;
    private final CorsPlan cors;
    private final SessionPlan session;

    /** @param name what log, metrics and explanations call it */
    public Route(String name, PolicyPlans policies) {
        this.name = name;
        this.timeout = policies.of(TimeLimit.class, TimeLimit.NONE).limit();
        this.retries = policies.of(RetryRules.class, RetryRules.UNSAID);
        this.faults = policies.of(FaultPlan.class, FaultPlan.NONE);
        this.headers = policies.of(HeaderPlan.class, HeaderPlan.NONE);
        this.mirrors = policies.of(MirrorPlan.class, MirrorPlan.NONE);
        this.hashing = policies.of(HashPlan.class, HashPlan.NONE);
        this.cors = policies.of(CorsPlan.class, CorsPlan.NONE);
        this.session = policies.of(SessionPlan.class, SessionPlan.NONE);
    }

    static Route compile(RouteSpec spec) {
        var ready = spec.policies().all().stream().map(Route::compile).toList();
        return new Route(spec.name(), new PolicyPlans(ready));
    }

    /** One line a kind. */
    private static PolicyPlan compile(RoutePolicy policy) {
        return switch (policy) {
            case TimeoutPolicy timeout -> TimeLimit.compile(timeout);
            case RetryPolicy retry -> RetryRules.compile(Optional.of(retry));
            case FaultPolicy fault -> FaultPlan.compile(Optional.of(fault));
            case HeaderPolicy headers -> HeaderPlan.compile(headers);
            case MirrorPolicy mirror -> MirrorPlan.compile(mirror);
            case HashPolicy hash -> HashPlan.compile(hash);
            case CorsPolicy cors -> CorsPlan.compile(cors);
            case SessionPolicy session -> SessionPlan.compile(session);
        };
    }

    public String name() {
        return name;
    }

    /** For the whole exchange, retries and back-off included; empty is no limit. */
    public Optional<Duration> timeout() {
        return timeout;
    }

    public RetryRules retries() {
        return retries;
    }

    public FaultPlan faults() {
        return faults;
    }

    public MirrorPlan mirrors() {
        return mirrors;
    }

    /** What of a request decides where it goes, for clusters that choose by that. */
    public HashPlan hashing() {
        return hashing;
    }

    public CorsPlan cors() {
        return cors;
    }

    /** How requests of one session are known again. */
    public SessionPlan session() {
        return session;
    }

    HeaderPlan headers() {
        return headers;
    }
}
