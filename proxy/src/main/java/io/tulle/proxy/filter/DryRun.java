package io.tulle.proxy.filter;

import io.tulle.model.policy.Authorization;
import io.tulle.proxy.route.RequestFacts;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the policies that are only tried (istio.io/dry-run) would change if they were in force beside the others. Asked of
 * each request and of each opaque connection, and never acted on.
 */
public final class DryRun {
    private static final Said NOTHING = new Said(Effect.SAME, "");

    private final Authorizer inForce;
    private final Authorizer asIf;

    private DryRun(Authorizer inForce, Authorizer asIf) {
        this.inForce = inForce;
        this.asIf = asIf;
    }

    /** What would become of a caller. */
    public enum Effect {
        /** It passes, and would be denied. */
        DENIED,
        /** It is denied, and would pass. */
        ALLOWED,
        /** Nothing would change. */
        SAME;

        /** As logs and metrics have it. */
        public String written() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param policy which policy would deny, and by which rule; empty where none would */
    public record Said(Effect effect, String policy) {}

    /**
     * Empty where nothing is tried.
     *
     * @throws IllegalArgumentException when a policy cannot be carried out; the message names it
     */
    public static Optional<DryRun> compile(List<Authorization> policies) {
        if (policies.stream().noneMatch(Authorization::dryRun)) return Optional.empty();
        var all = policies.stream().map(policy -> policy.tried(false)).toList();
        return Optional.of(new DryRun(Authorizer.compile(policies), Authorizer.compile(all)));
    }

    public Said judgeRequest(PeerFacts peer, RequestFacts request) {
        return difference(inForce.judgeRequest(peer, request), asIf.judgeRequest(peer, request));
    }

    public Said judgeConnection(PeerFacts peer) {
        return difference(inForce.judgeConnection(peer), asIf.judgeConnection(peer));
    }

    private static Said difference(Verdict is, Verdict wouldBe) {
        var denied = is instanceof Verdict.Answer;
        if (wouldBe instanceof Verdict.Answer no) {
            return denied ? NOTHING : new Said(Effect.DENIED, no.reason().detail());
        }
        return denied ? new Said(Effect.ALLOWED, "") : NOTHING;
    }
}
