package io.tulle.proxy.filter;

import io.tulle.model.IpBlock;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.Condition;
import io.tulle.proxy.route.RequestFacts;
import io.tulle.proxy.route.TextTest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One condition of a rule, compiled: some wanted value matches, where any is wanted, and no unwanted one does. */
final class ConditionTest {
    private final boolean needsRequest;
    private final boolean doubtMatches;
    private final List<BiPredicate<PeerFacts, @Nullable RequestFacts>> tests;

    private ConditionTest(
            boolean needsRequest, boolean doubtMatches, List<BiPredicate<PeerFacts, @Nullable RequestFacts>> tests) {
        this.needsRequest = needsRequest;
        this.doubtMatches = doubtMatches;
        this.tests = List.copyOf(tests);
    }

    /** @param doubtMatches what counts where a connection cannot tell: true in a DENY rule, false in an ALLOW rule */
    static ConditionTest compile(Condition condition, boolean doubtMatches) {
        var tests = new ArrayList<BiPredicate<PeerFacts, @Nullable RequestFacts>>();
        switch (condition) {
            case Condition.Header(var name, var values, var notValues) -> {
                if (!values.isEmpty()) tests.add(header(name, values));
                if (!notValues.isEmpty()) tests.add(header(name, notValues).negate());
            }
            case Condition.Identity(var part, var values, var notValues) -> {
                if (!values.isEmpty()) tests.add(identity(part, values));
                if (!notValues.isEmpty()) tests.add(identity(part, notValues).negate());
            }
            case Condition.Address(var end, var blocks, var notBlocks) -> {
                if (!blocks.isEmpty()) tests.add(address(end, blocks));
                if (!notBlocks.isEmpty()) tests.add(address(end, notBlocks).negate());
            }
            case Condition.Port(var ports, var notPorts) -> {
                if (!ports.isEmpty()) tests.add(port(ports));
                if (!notPorts.isEmpty()) tests.add(port(notPorts).negate());
            }
            case Condition.ServerName(var values, var notValues) -> {
                if (!values.isEmpty()) tests.add(serverName(values));
                if (!notValues.isEmpty()) tests.add(serverName(notValues).negate());
            }
        }
        return new ConditionTest(condition.needsRequest(), doubtMatches, tests);
    }

    boolean acceptsRequest(PeerFacts peer, RequestFacts request) {
        return accepts(peer, request);
    }

    boolean acceptsConnection(PeerFacts peer) {
        return needsRequest ? doubtMatches : accepts(peer, null);
    }

    private boolean accepts(PeerFacts peer, @Nullable RequestFacts request) {
        for (int i = 0; i < tests.size(); i++) {
            if (!tests.get(i).test(peer, request)) return false;
        }
        return true;
    }

    /** A header that is there and empty is there: {@code "*"} means it, as in Envoy. */
    private static BiPredicate<PeerFacts, @Nullable RequestFacts> header(String name, List<TextMatch> matches) {
        var tests = matches.stream()
                .<TextTest>map(match -> match instanceof TextMatch.Present ? _ -> true : TextTest.compile(match))
                .toList();
        return (_, request) -> request != null && any(tests, request.header(name));
    }

    private static BiPredicate<PeerFacts, @Nullable RequestFacts> identity(
            Condition.Part part, List<TextMatch> matches) {
        var tests = matches.stream().map(TextTest::compile).toList();
        return switch (part) {
            case PRINCIPAL -> (peer, _) -> any(tests, peer.principal());
            case NAMESPACE -> (peer, _) -> any(tests, peer.namespace());
        };
    }

    private static BiPredicate<PeerFacts, @Nullable RequestFacts> serverName(List<TextMatch> matches) {
        var tests = matches.stream().map(TextTest::compileIgnoringCase).toList();
        return (peer, _) -> any(tests, peer.serverName());
    }

    private static BiPredicate<PeerFacts, @Nullable RequestFacts> address(Condition.End end, List<String> blocks) {
        Predicate<IpBlock.Bits> test = IpBlock.anyOf(blocks);
        return switch (end) {
            case SOURCE -> (peer, _) -> test.test(peer.bits());
            case DESTINATION -> (peer, _) -> test.test(peer.localBits());
        };
    }

    private static BiPredicate<PeerFacts, @Nullable RequestFacts> port(List<Integer> ports) {
        IntPredicate test = OperationTest.port(ports);
        return (peer, _) -> test.test(peer.port());
    }

    private static boolean any(List<TextTest> tests, @Nullable String text) {
        for (int i = 0; i < tests.size(); i++) {
            if (tests.get(i).acceptsIfThere(text)) return true;
        }
        return false;
    }
}
