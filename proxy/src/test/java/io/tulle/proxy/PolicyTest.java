package io.tulle.proxy;

import static io.tulle.proxy.Fleet.at;
import static io.tulle.proxy.Fleet.cluster;
import static io.tulle.proxy.Fleet.door;
import static io.tulle.proxy.Fleet.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.AuthorizationRule;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.FaultPolicy;
import io.tulle.model.policy.Percentage;
import io.tulle.model.policy.RetryPolicy;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.policy.TimeoutPolicy;
import io.tulle.proxy.filter.DryRun;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawResponse;
import io.tulle.testkit.RawSocket;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.WireSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What routes and policies do to live traffic, and what a change of plan does not do to it. */
@ExtendWith(NoLeaks.class)
class PolicyTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final Fleet fleet = new Fleet();

    @AfterEach
    void end() {
        fleet.close();
    }

    private Origin origin(Origin.Script script) throws IOException {
        return fleet.keep(Origin.start(script));
    }

    private static RouteSpec route(
            Optional<Duration> timeout, Optional<RetryPolicy> retry, Optional<FaultPolicy> fault) {
        return new RouteSpec(
                "all",
                List.of(RequestMatch.ANY),
                ActionSpec.Forward.to("c"),
                RoutePolicy.set(timeout.map(TimeoutPolicy::new), retry, fault));
    }

    private static RawResponse get(Sidecar proxy) throws IOException {
        try (var client = RawSocket.to(at(proxy))) {
            return client.send(GET).response();
        }
    }

    @Test
    void answers404WhereNoRouteMatches() throws Exception {
        var origin = origin((_, connection) -> connection.ok("fine"));
        var only = new RouteSpec(
                "only", List.of(RequestMatch.ofPath(new PathMatch.Exact("/only"))), ActionSpec.Forward.to("c"));
        var proxy = fleet.alone(SidecarSettings.DEFAULT, door(Fleet.routed()), cluster("c", origin), table(only));
        try (var client = RawSocket.to(at(proxy))) {
            var none = client.send("GET /other HTTP/1.1\r\nHost: a\r\n\r\n").response();
            assertEquals(404, none.status());
            assertEquals("NR", none.header("x-tulle-flag").orElse(""));
            assertTrue(none.body().startsWith("TUL1601"), none.body());
            assertEquals(
                    200,
                    client.send("GET /x/../only HTTP/1.1\r\nHost: a\r\n\r\n")
                            .response()
                            .status());
        }
        assertEquals("/only", origin.requests().getFirst().target());
    }

    @Test
    void deniesByPolicyOfTheMoment() throws Exception {
        var origin = origin((_, connection) -> connection.ok("fine"));
        var nobody = new Authorization("shop/nobody", Authorization.Action.ALLOW, List.of());
        var route = RouteSpec.toCluster("all", "c");
        var proxy = fleet.alone(SidecarSettings.DEFAULT, door(Fleet.routed()), cluster("c", origin), table(route));
        try (var client = RawSocket.to(at(proxy))) {
            assertEquals(200, client.send(GET).response().status());
            var closed = door(new WireSpec.Http("routes", List.of(nobody)));
            Fleet.apply(proxy, closed, cluster("c", origin), table(route));
            var denied = client.send(GET).response();
            assertEquals(403, denied.status());
            assertTrue(denied.body().startsWith("TUL1602"), denied.body());
            Fleet.apply(proxy, door(Fleet.routed()), cluster("c", origin), table(route));
            assertEquals(200, client.send(GET).response().status());
        }
        assertEquals(2, origin.requests().size());
    }

    @Test
    void aDryRunLetsPassAndSaysWhatItWouldHaveDone() throws Exception {
        var origin = origin((_, connection) -> connection.ok("fine"));
        var nobody = new Authorization("shop/nobody", Authorization.Action.ALLOW, List.of(), true);
        var route = RouteSpec.toCluster("all", "c");
        var tried = door(new WireSpec.Http("routes", List.of(nobody)));
        var proxy = fleet.alone(SidecarSettings.DEFAULT, tried, cluster("c", origin), table(route));

        assertEquals(200, get(proxy).status());
        var said = fleet.nextReport().dryRun().orElseThrow();
        assertEquals(new DryRun.Said(DryRun.Effect.DENIED, "no rule of shop/nobody"), said);
    }

    @Test
    void namesThePolicyToTheDeniedOnlyWhereTheMeshTellsIt() throws Exception {
        var origin = origin((_, connection) -> connection.ok("fine"));
        var nobody = new Authorization("shop/nobody", Authorization.Action.ALLOW, List.of());
        var route = RouteSpec.toCluster("all", "c");
        var silent = door(new WireSpec.Http("routes", List.of(nobody)));
        var frank = new ListenerSpec(silent.name(), silent.place(), silent.chains(), true);
        var proxy = fleet.alone(SidecarSettings.DEFAULT, silent, cluster("c", origin), table(route));
        assertFalse(get(proxy).body().contains("nobody"));
        Fleet.apply(proxy, frank, cluster("c", origin), table(route));
        assertTrue(get(proxy).body().contains("no rule of shop/nobody"));
    }

    @Test
    void judgesTheVeryPathThatIsForwarded() throws Exception {
        var origin = origin((_, connection) -> connection.ok("fine"));
        var deny = new AuthorizationRule(List.of(), List.of(paths(new PathMatch.StringPrefix("/admin"))));
        var policy = new Authorization("shop/admin", Authorization.Action.DENY, List.of(deny));
        var proxy = fleet.alone(
                SidecarSettings.DEFAULT,
                door(new WireSpec.Http("routes", List.of(policy))),
                cluster("c", origin),
                table(RouteSpec.toCluster("all", "c")));
        for (var path : List.of(
                "/admin",
                "/x/../admin",
                "/%61dmin",
                "/./admin",
                "/x/%2e%2e/admin",
                "\\admin",
                "/admin#x",
                "/admin?x")) {
            try (var client = RawSocket.to(at(proxy))) {
                var target = path.startsWith("/") ? path : "/x/.." + path;
                assertEquals(
                        403,
                        client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n")
                                .response()
                                .status(),
                        path);
            }
        }
        assertEquals(List.of(), origin.requests());
        assertEquals(200, get(proxy).status());
    }

    private static AuthorizationRule.Operation paths(PathMatch path) {
        return new AuthorizationRule.Operation(
                List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(path), List.of());
    }

    @Test
    void endsASlowCallAtItsDeadlineAndSaysSo() throws Exception {
        var hungUp = new CountDownLatch(1);
        var origin = origin((_, connection) -> {
            connection.drain();
            hungUp.countDown();
            return false;
        });
        var route = route(Optional.of(Duration.ofMillis(50)), Optional.empty(), Optional.empty());
        var proxy = fleet.alone(SidecarSettings.DEFAULT, door(Fleet.routed()), cluster("c", origin), table(route));
        var response = get(proxy);
        assertEquals(504, response.status());
        assertEquals("UT", response.header("x-tulle-flag").orElse(""));
        assertTrue(response.body().contains("TUL1608") && response.body().contains("route all"), response.body());
        assertTrue(hungUp.await(20, TimeUnit.SECONDS));
    }

    @Test
    void triesAgainOnAnotherEndpoint() throws Exception {
        var bad = origin((_, connection) -> connection.answer(503, "down"));
        var good = origin((_, connection) -> connection.ok("up"));
        var retry = new RetryPolicy(
                3,
                Optional.empty(),
                Set.of(RetryPolicy.Condition.SERVER_ERROR),
                List.of(),
                Duration.ofMillis(1),
                false,
                true);
        var route = route(Optional.empty(), Optional.of(retry), Optional.empty());
        var proxy = fleet.alone(SidecarSettings.DEFAULT, door(Fleet.routed()), cluster("c", bad, good), table(route));
        for (int i = 0; i < 20; i++) assertEquals("up", get(proxy).body());
        try (var client = RawSocket.to(at(proxy))) {
            // A POST acts twice when it goes twice: its 503 comes back as it is.
            var statuses = new ArrayList<Integer>();
            for (int i = 0; i < 2; i++) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
                statuses.add(client.response().status());
            }
            assertTrue(statuses.contains(503) && statuses.contains(200), statuses.toString());
        }
        assertTrue(bad.requests().size() >= 2);
    }

    @Test
    void sendsTheWholeBodyAgain() throws Exception {
        var first = new AtomicBoolean(true);
        var origin = origin((request, connection) ->
                first.getAndSet(false) ? connection.answer(500, "no") : connection.ok(request.body()));
        var retry = new RetryPolicy(
                1,
                Optional.empty(),
                Set.of(RetryPolicy.Condition.SERVER_ERROR),
                List.of(),
                Duration.ofMillis(1),
                false,
                false);
        var route = route(Optional.empty(), Optional.of(retry), Optional.empty());
        var proxy = fleet.alone(SidecarSettings.DEFAULT, door(Fleet.routed()), cluster("c", origin), table(route));
        var body = "0123456789".repeat(5000);
        try (var client = RawSocket.to(at(proxy))) {
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            assertEquals(body, client.response().body());
        }
    }

    @Test
    void refusesWhatIsOverALimitAtOnce() throws Exception {
        var inside = new CountDownLatch(2);
        var go = new CountDownLatch(1);
        var origin = origin((_, connection) -> {
            inside.countDown();
            await(go);
            return connection.ok("served");
        });
        var limits = new ConnectionLimits(
                OptionalInt.of(2),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Duration.ofSeconds(5),
                Optional.empty());
        var route = RouteSpec.toCluster("all", "c");
        var proxy =
                fleet.alone(SidecarSettings.DEFAULT, door(Fleet.routed()), cluster("c", limits, origin), table(route));
        try (var one = RawSocket.to(at(proxy));
                var two = RawSocket.to(at(proxy))) {
            one.send(GET);
            two.send(GET);
            assertTrue(inside.await(20, TimeUnit.SECONDS));
            for (int i = 0; i < 3; i++) {
                var refused = get(proxy);
                assertEquals(503, refused.status());
                assertEquals("UO", refused.header("x-tulle-flag").orElse(""));
            }
            go.countDown();
            assertEquals("served", one.response().body());
            assertEquals("served", two.response().body());
        }
        assertEquals("served", get(proxy).body());
        assertEquals(3, origin.requests().size());
    }

    @Test
    void abortsBeforeTheApplicationSeesAnything() throws Exception {
        var origin = origin((_, connection) -> connection.ok("fine"));
        var abort = new FaultPolicy(
                Optional.of(new FaultPolicy.Delay(Duration.ofMillis(5), Percentage.ALL)),
                Optional.of(new FaultPolicy.Abort(new FaultPolicy.Answer.Http(418), Percentage.ALL)));
        var route = route(Optional.empty(), Optional.empty(), Optional.of(abort));
        var proxy = fleet.alone(SidecarSettings.DEFAULT, door(Fleet.routed()), cluster("c", origin), table(route));
        var response = get(proxy);
        assertEquals(418, response.status());
        assertEquals("FI", response.header("x-tulle-flag").orElse(""));
        assertEquals(List.of(), origin.requests());
        assertEquals("DI,FI", fleet.nextReport().outcome().flags());
    }

    @Test
    void aDelayIsFlaggedThoughTheAnswerIsTheApplications() throws Exception {
        var origin = origin((_, connection) -> connection.ok("fine"));
        var delay = new FaultPolicy(
                Optional.of(new FaultPolicy.Delay(Duration.ofMillis(5), Percentage.ALL)), Optional.empty());
        var route = route(Optional.empty(), Optional.empty(), Optional.of(delay));
        var proxy = fleet.alone(SidecarSettings.DEFAULT, door(Fleet.routed()), cluster("c", origin), table(route));
        assertEquals("fine", get(proxy).body());
        assertEquals("DI", fleet.nextReport().outcome().flags());
    }

    @Test
    void saysWhichEndpointDidNotListen() throws Exception {
        var nowhere = Fleet.cluster("c", ConnectionLimits.DEFAULT, Protocol.HTTP, fleet.nobodyListens());
        var route = RouteSpec.toCluster("all", "c");
        var proxy = fleet.alone(SidecarSettings.DEFAULT, door(Fleet.routed()), nowhere, table(route));
        var response = get(proxy);
        assertEquals(503, response.status());
        assertEquals("UF", response.header("x-tulle-flag").orElse(""));
        assertTrue(response.body().contains("origin-0"), response.body());
    }

    @Test
    void dropsNothingWhileThePlanChangesUnderLoad() throws Exception {
        var v1 = origin((_, connection) -> connection.ok("v1"));
        var v2 = origin((_, connection) -> connection.ok("v2"));
        var route = RouteSpec.toCluster("all", "c");
        var proxy = fleet.alone(SidecarSettings.DEFAULT, door(Fleet.routed()), cluster("c", v1), table(route));
        var stop = new AtomicBoolean();
        var served = new AtomicInteger();
        var failures = new AtomicInteger();
        var clients = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            clients.add(Thread.ofVirtual().start(() -> {
                try (var client = RawSocket.to(at(proxy))) {
                    while (!stop.get()) {
                        if (client.send(GET).response().status() != 200) failures.incrementAndGet();
                        served.incrementAndGet();
                    }
                } catch (IOException dropped) {
                    failures.incrementAndGet();
                }
            }));
        }
        for (int i = 0; i < 200; i++) {
            Fleet.apply(proxy, door(Fleet.routed()), cluster("c", i % 2 == 0 ? v2 : v1), table(route));
        }
        while (served.get() < 200) Thread.onSpinWait();
        stop.set(true);
        for (var client : clients) client.join();
        assertEquals(0, failures.get());
    }

    @Test
    void matchesByHeaderAndMethod() throws Exception {
        var v1 = origin((_, connection) -> connection.ok("v1"));
        var v2 = origin((_, connection) -> connection.ok("v2"));
        var match = new RequestMatch(
                Optional.empty(),
                false,
                Optional.of(new TextMatch.Exact("GET")),
                Optional.empty(),
                Optional.empty(),
                List.of(new io.tulle.model.match.HeaderMatch("X-User", new TextMatch.Exact("ada"), false)),
                List.of());
        var toV2 = new RouteSpec("v2", List.of(match), ActionSpec.Forward.to("v2"));
        var proxy = fleet.alone(
                SidecarSettings.DEFAULT,
                door(Fleet.routed()),
                cluster("v1", v1),
                cluster("v2", v2),
                table(toV2, RouteSpec.toCluster("rest", "v1")));
        try (var client = RawSocket.to(at(proxy))) {
            assertEquals(
                    "v2",
                    client.send("GET / HTTP/1.1\r\nHost: a\r\nX-User: ada\r\n\r\n")
                            .response()
                            .body());
            assertEquals(
                    "v1",
                    client.send("GET / HTTP/1.1\r\nHost: a\r\nX-User: bob\r\n\r\n")
                            .response()
                            .body());
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) throw new IOException("nobody let it go on");
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }
}
