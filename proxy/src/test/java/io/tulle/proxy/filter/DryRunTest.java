package io.tulle.proxy.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.SpiffeId;
import io.tulle.model.match.PathMatch;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.Authorization.Action;
import io.tulle.model.policy.AuthorizationRule;
import io.tulle.proxy.route.Asked;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DryRunTest {
    private static final PeerFacts WEB =
            PeerFacts.of(Optional.of(SpiffeId.of("tulle", "shop", "web")), InetAddress.ofLiteral("10.0.0.1"), 80);

    @Test
    void whatIsOnlyTriedNeitherDeniesNorShuts() {
        var policies =
                List.of(tried("shop/no", Action.DENY, paths("/admin")), tried("shop/only", Action.ALLOW, paths("/x")));
        var authorizer = Authorizer.compile(policies);

        assertInstanceOf(Verdict.Proceed.class, authorizer.judgeRequest(WEB, Asked.get("/admin")));
        assertInstanceOf(Verdict.Proceed.class, authorizer.judgeConnection(WEB));
        assertTrue(authorizer.isOpen());
    }

    @Test
    void saysWhichPolicyWouldDenyAndByWhichRule() {
        var dryRun = dryRun(tried("shop/no", Action.DENY, paths("/never"), paths("/admin")));

        assertEquals(
                new DryRun.Said(DryRun.Effect.DENIED, "shop/no rule 2"), dryRun.judgeRequest(WEB, Asked.get("/admin")));
        assertEquals(
                DryRun.Effect.SAME, dryRun.judgeRequest(WEB, Asked.get("/x")).effect());
    }

    @Test
    void anAllowThatIsOnlyTriedWouldDenyWhatNobodyAllows() {
        var dryRun = dryRun(tried("shop/only", Action.ALLOW, paths("/x")));

        assertEquals(
                new DryRun.Said(DryRun.Effect.DENIED, "no rule of shop/only"),
                dryRun.judgeRequest(WEB, Asked.get("/admin")));
        assertEquals(
                DryRun.Effect.SAME, dryRun.judgeRequest(WEB, Asked.get("/x")).effect());
    }

    @Test
    void itIsJudgedBesideWhatIsInForce() {
        var inForce = new Authorization("shop/some", Action.ALLOW, List.of(paths("/x")));
        var dryRun = dryRun(inForce, tried("shop/more", Action.ALLOW, paths("/y")));

        assertEquals(
                DryRun.Effect.SAME, dryRun.judgeRequest(WEB, Asked.get("/x")).effect());
        assertEquals(
                DryRun.Effect.ALLOWED, dryRun.judgeRequest(WEB, Asked.get("/y")).effect());
        assertEquals(
                DryRun.Effect.SAME, dryRun.judgeRequest(WEB, Asked.get("/z")).effect());
    }

    @Test
    void aConnectionIsJudgedAsItWouldBeInForce() {
        var dryRun = dryRun(tried("shop/no", Action.DENY, paths("/admin")));

        assertEquals(DryRun.Effect.DENIED, dryRun.judgeConnection(WEB).effect(), "no path is known, so it may be that");
    }

    @Test
    void whereNothingIsTriedNothingIsAsked() {
        var inForce = new Authorization("shop/some", Action.ALLOW, List.of(paths("/x")));
        assertEquals(Optional.empty(), DryRun.compile(List.of(inForce)));
    }

    private static DryRun dryRun(Authorization... policies) {
        return DryRun.compile(List.of(policies)).orElseThrow();
    }

    private static Authorization tried(String name, Action action, AuthorizationRule... rules) {
        return new Authorization(name, action, List.of(rules), true);
    }

    private static AuthorizationRule paths(String path) {
        var operation = new AuthorizationRule.Operation(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new PathMatch.Exact(path)),
                List.of());
        return new AuthorizationRule(List.of(), List.of(operation));
    }
}
