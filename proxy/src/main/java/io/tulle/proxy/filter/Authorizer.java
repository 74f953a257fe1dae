package io.tulle.proxy.filter;

import io.tulle.model.policy.Authorization;
import io.tulle.proxy.route.RequestFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The AuthorizationPolicies of one port that are in force, compiled. Istio's order: a DENY rule that matches denies; then, if there is any
 * ALLOW policy, a rule of one must match; without any, all may pass. An ALLOW policy without rules allows nobody, a rule
 * without conditions matches everything. Immutable; what it says allocates nothing.
 */
public final class Authorizer {
    /** No policy: all may pass. */
    public static final Authorizer OPEN = compile(List.of());

    private final List<Ruling> deny;
    private final List<RuleTest> allow;
    private final boolean anyAllow;
    private final Verdict.Answer notAllowed;

    private Authorizer(List<Ruling> deny, List<RuleTest> allow, boolean anyAllow, Verdict.Answer notAllowed) {
        this.deny = List.copyOf(deny);
        this.allow = List.copyOf(allow);
        this.anyAllow = anyAllow;
        this.notAllowed = notAllowed;
    }

    /** @throws IllegalArgumentException when an IP block cannot be read; the message names the policy */
    public static Authorizer compile(List<Authorization> policies) {
        var deny = new ArrayList<Ruling>();
        var allow = new ArrayList<RuleTest>();
        var inForce = policies.stream().filter(policy -> !policy.dryRun()).toList();
        for (var policy : inForce) {
            for (int i = 0; i < policy.rules().size(); i++) {
                var test = RuleTest.compile(policy, i);
                switch (policy.action()) {
                    case DENY ->
                        deny.add(new Ruling(test, refusal(Reason.Kind.DENIED, policy.name() + " rule " + (i + 1))));
                    case ALLOW -> allow.add(test);
                }
            }
        }
        var allowing = inForce.stream()
                .filter(policy -> policy.action() == Authorization.Action.ALLOW)
                .map(Authorization::name)
                .collect(Collectors.joining(", "));
        return new Authorizer(
                deny, allow, !allowing.isEmpty(), refusal(Reason.Kind.NOT_ALLOWED, "no rule of " + allowing));
    }

    /** Whether there is nothing to judge by. */
    public boolean isOpen() {
        return deny.isEmpty() && !anyAllow;
    }

    /** Judges one request. */
    public Verdict judgeRequest(PeerFacts peer, RequestFacts request) {
        for (int i = 0; i < deny.size(); i++) {
            if (deny.get(i).test().acceptsRequest(peer, request))
                return deny.get(i).refusal();
        }
        if (!anyAllow) return Verdict.PROCEED;
        for (int i = 0; i < allow.size(); i++) {
            if (allow.get(i).acceptsRequest(peer, request)) return Verdict.PROCEED;
        }
        return notAllowed;
    }

    /**
     * Judges a connection whose bytes are forwarded as they are. What only a request can tell (hosts, methods, paths) is
     * unknown here, and as in Istio the doubt always counts against the caller: a DENY rule is applied as if the
     * unknown matched, an ALLOW rule as if it did not.
     */
    public Verdict judgeConnection(PeerFacts peer) {
        for (int i = 0; i < deny.size(); i++) {
            if (deny.get(i).test().acceptsConnection(peer)) return deny.get(i).refusal();
        }
        if (!anyAllow) return Verdict.PROCEED;
        for (int i = 0; i < allow.size(); i++) {
            if (allow.get(i).acceptsConnection(peer)) return Verdict.PROCEED;
        }
        return notAllowed;
    }

    private static Verdict.Answer refusal(Reason.Kind kind, String detail) {
        return new Verdict.Answer(403, new Reason(kind, detail));
    }

    private record Ruling(RuleTest test, Verdict.Answer refusal) {}
}
