package io.tulle.proxy.filter;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.tulle.model.SpiffeId;
import io.tulle.model.match.HeaderMatch;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.AuthorizationRule;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.proxy.balance.Balancers;
import io.tulle.proxy.balance.EndpointSet;
import io.tulle.proxy.route.Asked;
import io.tulle.proxy.route.RouteTable;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is decided for every request makes no garbage: counted by the JVM, per call. */
class AllocationTest {
    private final Random random = new Random(3);

    @Test
    void routingARequestMakesNoGarbage() {
        var split = new ActionSpec.Forward(
                List.of(
                        new ActionSpec.Target("a", 9, HeaderEdits.NONE, HeaderEdits.NONE),
                        new ActionSpec.Target("b", 1, HeaderEdits.NONE, HeaderEdits.NONE)),
                Optional.empty(),
                Optional.empty());
        var header = new HeaderMatch("x-user", new TextMatch.Exact("ann"), false);
        var routes = new ArrayList<RouteSpec>();
        for (int i = 0; i < 50; i++) {
            var match = new RequestMatch(
                    Optional.of(new PathMatch.Prefix("/api/v" + i)),
                    false,
                    Optional.of(new TextMatch.Exact("GET")),
                    Optional.of(new TextMatch.Exact("shop.example")),
                    Optional.empty(),
                    List.of(header),
                    List.of());
            routes.add(new RouteSpec("r" + i, List.of(match), split));
        }
        var table = RouteTable.compile(new RouteTableSpec("t", routes));
        var asked = Asked.get("/api/v42/items").at("shop.example").with("x-user", "ann");
        assertNoGarbage(() -> table.route(asked, random));
    }

    @Test
    void judgingARequestMakesNoGarbage() {
        var anonymous = new AuthorizationRule.Source(
                List.of(), List.of(new TextMatch.Present()), List.of(), List.of(), List.of(), List.of("10.0.0.0/8"));
        var operation = new AuthorizationRule.Operation(
                List.of(new TextMatch.Suffix(".example")),
                List.of(),
                List.of(4000),
                List.of(),
                List.of(new TextMatch.Exact("GET")),
                List.of(),
                List.of(new PathMatch.Prefix("/api")),
                List.of());
        var authorizer = Authorizer.compile(List.of(
                new Authorization(
                        "shop/d",
                        Authorization.Action.DENY,
                        List.of(new AuthorizationRule(List.of(anonymous), List.of()))),
                new Authorization(
                        "shop/a",
                        Authorization.Action.ALLOW,
                        List.of(new AuthorizationRule(List.of(), List.of(operation))))));
        var peer = PeerFacts.of(
                Optional.of(SpiffeId.of("tulle", "shop", "web")), InetAddress.ofLiteral("192.0.2.1"), 4000);
        var asked = Asked.get("/api/x").at("shop.example");
        assertNoGarbage(() -> authorizer.judgeRequest(peer, asked));
    }

    @ParameterizedTest
    @MethodSource("balancings")
    void choosingAnEndpointMakesNoGarbage(Balancing balancing) {
        var specs = new ArrayList<EndpointSpec>();
        for (int i = 0; i < 10; i++) {
            specs.add(new EndpointSpec("e" + i, "10.0.0.1", 4000 + i, EndpointSpec.Health.HEALTHY, i + 1));
        }
        var balancer = Balancers.of(balancing, EndpointSet.compile(specs, 0, EndpointSet.EMPTY), random);
        assertNoGarbage(() -> balancer.pick(random));
    }

    static List<Balancing> balancings() {
        var all = new ArrayList<Balancing>();
        for (var simple : Balancing.Simple.values()) all.add(new Balancing(simple));
        all.add(new Balancing(
                Balancing.Simple.LEAST_REQUEST, Optional.of(new Balancing.Warmup(Duration.ofMinutes(1), 10, 1))));
        all.add(new Balancing(new Balancing.RingHash(Optional.empty(), 1024)));
        all.add(new Balancing(new Balancing.Maglev(Optional.empty(), 65_537)));
        return all;
    }

    private static void assertNoGarbage(Runnable work) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var thread = Thread.currentThread().threadId();
        for (int i = 0; i < 20_000; i++) work.run();
        var before = threads.getThreadAllocatedBytes(thread);
        int calls = 20_000;
        for (int i = 0; i < calls; i++) work.run();
        var perCall = (threads.getThreadAllocatedBytes(thread) - before) / (double) calls;
        assertTrue(perCall < 1, perCall + " bytes a call");
    }
}
