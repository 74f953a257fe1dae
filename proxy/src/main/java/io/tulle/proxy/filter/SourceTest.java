package io.tulle.proxy.filter;

import io.tulle.model.IpBlock;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.AuthorizationRule.Source;
import io.tulle.proxy.route.TextTest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, compiled. A peer without identity has no principal and no namespace: nothing matches them, so
 * {@code principals: ["*"]} refuses it and {@code notPrincipals: ["*"]} means it.
 */
final class SourceTest {
    private final List<Predicate<PeerFacts>> conditions;

    private SourceTest(List<Predicate<PeerFacts>> conditions) {
        this.conditions = List.copyOf(conditions);
    }

    static SourceTest compile(Source source) {
        var all = new ArrayList<Predicate<PeerFacts>>();
        if (!source.principals().isEmpty()) all.add(principal(source.principals()));
        if (!source.notPrincipals().isEmpty())
            all.add(principal(source.notPrincipals()).negate());
        if (!source.namespaces().isEmpty()) all.add(namespace(source.namespaces()));
        if (!source.notNamespaces().isEmpty())
            all.add(namespace(source.notNamespaces()).negate());
        if (!source.ipBlocks().isEmpty()) all.add(address(source.ipBlocks()));
        if (!source.notIpBlocks().isEmpty())
            all.add(address(source.notIpBlocks()).negate());
        return new SourceTest(all);
    }

    boolean accepts(PeerFacts peer) {
        for (int i = 0; i < conditions.size(); i++) {
            if (!conditions.get(i).test(peer)) return false;
        }
        return true;
    }

    private static Predicate<PeerFacts> principal(List<TextMatch> matches) {
        var tests = matches.stream().map(TextTest::compile).toList();
        return peer -> any(tests, peer.principal());
    }

    private static Predicate<PeerFacts> namespace(List<TextMatch> matches) {
        var tests = matches.stream().map(TextTest::compile).toList();
        return peer -> any(tests, peer.namespace());
    }

    private static Predicate<PeerFacts> address(List<String> blocks) {
        var test = IpBlock.anyOf(blocks);
        return peer -> test.test(peer.bits());
    }

    private static boolean any(List<TextTest> tests, @Nullable String text) {
        for (int i = 0; i < tests.size(); i++) {
            if (tests.get(i).acceptsIfThere(text)) return true;
        }
        return false;
    }
}
