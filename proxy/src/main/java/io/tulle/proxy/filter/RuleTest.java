package io.tulle.proxy.filter;

import io.tulle.model.policy.Authorization;
import io.tulle.proxy.route.RequestFacts;
import java.util.List;

/** One rule, compiled: some source, some operation and every condition must match; none written means any. */
final class RuleTest {
    private final List<SourceTest> from;
    private final List<OperationTest> to;
    private final List<ConditionTest> when;

    private RuleTest(List<SourceTest> from, List<OperationTest> to, List<ConditionTest> when) {
        this.from = List.copyOf(from);
        this.to = List.copyOf(to);
        this.when = List.copyOf(when);
    }

    static RuleTest compile(Authorization policy, int index) {
        var rule = policy.rules().get(index);
        var doubtMatches = policy.action() == Authorization.Action.DENY;
        try {
            return new RuleTest(
                    rule.from().stream().map(SourceTest::compile).toList(),
                    rule.to().stream()
                            .map(to -> OperationTest.compile(to, doubtMatches))
                            .toList(),
                    rule.when().stream()
                            .map(condition -> ConditionTest.compile(condition, doubtMatches))
                            .toList());
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException(
                    "policy " + policy.name() + " rule " + (index + 1) + ": " + refused.getMessage(), refused);
        }
    }

    boolean acceptsRequest(PeerFacts peer, RequestFacts request) {
        if (!acceptsSource(peer)) return false;
        for (int i = 0; i < when.size(); i++) {
            if (!when.get(i).acceptsRequest(peer, request)) return false;
        }
        for (int i = 0; i < to.size(); i++) {
            if (to.get(i).acceptsRequest(peer, request)) return true;
        }
        return to.isEmpty();
    }

    boolean acceptsConnection(PeerFacts peer) {
        if (!acceptsSource(peer)) return false;
        for (int i = 0; i < when.size(); i++) {
            if (!when.get(i).acceptsConnection(peer)) return false;
        }
        for (int i = 0; i < to.size(); i++) {
            if (to.get(i).acceptsConnection(peer)) return true;
        }
        return to.isEmpty();
    }

    private boolean acceptsSource(PeerFacts peer) {
        for (int i = 0; i < from.size(); i++) {
            if (from.get(i).accepts(peer)) return true;
        }
        return from.isEmpty();
    }
}
