package io.tulle.proxy.filter;

import io.tulle.model.match.PathMatch;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.AuthorizationRule.Operation;
import io.tulle.proxy.route.Authority;
import io.tulle.proxy.route.PathTest;
import io.tulle.proxy.route.RequestFacts;
import io.tulle.proxy.route.TextTest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * What is asked for, compiled. Ports are the declared ones and are known of a connection; hosts, methods and paths are
 * known of a request alone.
 */
final class OperationTest {
    private final List<IntPredicate> ports;
    private final List<Predicate<RequestFacts>> requests;
    private final boolean doubtMatches;

    private OperationTest(List<IntPredicate> ports, List<Predicate<RequestFacts>> requests, boolean doubtMatches) {
        this.ports = List.copyOf(ports);
        this.requests = List.copyOf(requests);
        this.doubtMatches = doubtMatches;
    }

    /** @param doubtMatches what counts where a connection cannot tell: true in a DENY rule, false in an ALLOW rule */
    static OperationTest compile(Operation operation, boolean doubtMatches) {
        var ports = new ArrayList<IntPredicate>();
        if (!operation.ports().isEmpty()) ports.add(port(operation.ports()));
        if (!operation.notPorts().isEmpty())
            ports.add(port(operation.notPorts()).negate());
        var requests = new ArrayList<Predicate<RequestFacts>>();
        if (!operation.methods().isEmpty()) requests.add(method(operation.methods()));
        if (!operation.notMethods().isEmpty())
            requests.add(method(operation.notMethods()).negate());
        if (!operation.paths().isEmpty()) requests.add(path(operation.paths()));
        if (!operation.notPaths().isEmpty())
            requests.add(path(operation.notPaths()).negate());
        if (!operation.hosts().isEmpty()) requests.add(host(operation.hosts()));
        if (!operation.notHosts().isEmpty())
            requests.add(host(operation.notHosts()).negate());
        return new OperationTest(ports, requests, doubtMatches);
    }

    boolean acceptsRequest(PeerFacts peer, RequestFacts request) {
        if (!acceptsPort(peer.port())) return false;
        for (int i = 0; i < requests.size(); i++) {
            if (!requests.get(i).test(request)) return false;
        }
        return true;
    }

    boolean acceptsConnection(PeerFacts peer) {
        return acceptsPort(peer.port()) && (requests.isEmpty() || doubtMatches);
    }

    private boolean acceptsPort(int port) {
        for (int i = 0; i < ports.size(); i++) {
            if (!ports.get(i).test(port)) return false;
        }
        return true;
    }

    static IntPredicate port(List<Integer> ports) {
        var wanted = ports.stream().mapToInt(Integer::intValue).toArray();
        return port -> {
            for (int one : wanted) {
                if (one == port) return true;
            }
            return false;
        };
    }

    private static Predicate<RequestFacts> method(List<TextMatch> matches) {
        var tests = matches.stream().map(TextTest::compile).toList();
        return request -> any(tests, request.method());
    }

    private static Predicate<RequestFacts> path(List<PathMatch> matches) {
        var tests = matches.stream().map(PathTest::compile).toList();
        return request -> {
            for (int i = 0; i < tests.size(); i++) {
                if (tests.get(i).accepts(request.path())) return true;
            }
            return false;
        };
    }

    /**
     * With and without the port, whichever matches: a policy that names {@code admin.example} means
     * {@code admin.example:8080} too, and the root's dot says nothing. Istio wants each written; forgetting one is how a
     * DENY is passed by.
     */
    private static Predicate<RequestFacts> host(List<TextMatch> matches) {
        var tests = matches.stream()
                .map(OperationTest::withoutDot)
                .map(TextTest::compileIgnoringCase)
                .toList();
        return request -> any(tests, request.authority()) || any(tests, Authority.host(request.authority()));
    }

    private static TextMatch withoutDot(TextMatch match) {
        return match instanceof TextMatch.Exact(var host) && host.endsWith(".")
                ? new TextMatch.Exact(host.substring(0, host.length() - 1))
                : match;
    }

    private static boolean any(List<TextTest> tests, String text) {
        for (int i = 0; i < tests.size(); i++) {
            if (tests.get(i).accepts(text)) return true;
        }
        return false;
    }
}
