package io.tulle.proxy;

import static io.tulle.proxy.Fleet.DOOR;
import static io.tulle.proxy.Fleet.at;
import static io.tulle.proxy.Fleet.cluster;
import static io.tulle.proxy.Fleet.door;
import static io.tulle.proxy.Fleet.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.match.PathMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.AuthorizationRule;
import io.tulle.proxy.plan.PlanCode;
import io.tulle.proxy.plan.PlanCompiler;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawSocket;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.TrustSpec;
import io.tulle.xds.spec.WireSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One resource that cannot be carried out: it keeps its last good form, or stays shut, and everything else changes. */
final class UnplannableTest {
    /** So deep that compiling it overflows the stack of a small thread: an error that no spec's law can foresee. */
    private static final String DEEP = "(".repeat(900) + "a" + ")*".repeat(900);

    private final Fleet fleet = new Fleet();
    private Origin origin;

    @BeforeEach
    void start() throws Exception {
        origin = Origin.start((_, connection) -> connection.ok("fine"));
    }

    @AfterEach
    void stop() throws Exception {
        fleet.close();
        origin.close();
    }

    @Test
    void aRouteTableThatOverflowsTheStackKeepsItsLastFormAndTheOthersChange() throws Exception {
        var proxy = fleet.alone(SidecarSettings.DEFAULT, wholeMesh(to("/", "c"), to("/", "c")));
        assertEquals(200, status(proxy, "/"));

        var deep = route("deep", new PathMatch.Regex(DEEP));
        var told = applyInASmallThread(proxy, wholeMesh(deep, to("/next", "c")));

        assertEquals(List.of("routes"), names(told), told.toString());
        assertEquals("TUL1722", told.getFirst().code().code());
        assertEquals(200, status(proxy, "/"), "the last good form");
        var other = (RouteTableSpec)
                proxy.plan().current().snapshot().ofType(ResourceType.ROUTES).get("others");
        assertEquals("/next", other.routes().getFirst().name());
    }

    @Test
    void aPolicyThatNeverHadAGoodFormDeniesEverybodyAndNoOtherPort() throws Exception {
        var open = new Authorization(
                "shop/open", Authorization.Action.ALLOW, List.of(new AuthorizationRule(List.of(), List.of())));
        var second = new ListenerSpec(
                "second",
                new ListenerSpec.Place.Bound("127.0.0.1", 0),
                door(guarded(open)).chains());
        var proxy = fleet.alone(
                SidecarSettings.DEFAULT, door(guarded(open)), second, cluster("c", origin), table(to("/", "c")));
        assertEquals(200, status(proxy, "/"));

        var deny = new Authorization(
                "shop/deep",
                Authorization.Action.DENY,
                List.of(new AuthorizationRule(List.of(), List.of(methods(DEEP)))));
        var told = applyInASmallThread(
                proxy, door(guarded(open, deny)), second, cluster("c", origin), table(to("/", "c")));

        assertEquals(List.of(DOOR), names(told), told.toString());
        assertEquals(403, status(proxy, "/"));
        assertEquals(
                200, status((java.net.InetSocketAddress) proxy.boundAt("second").orElseThrow(), "/"));
    }

    @Test
    void aPolicyThatHadAGoodFormKeepsIt() throws Exception {
        var admin = deny("shop/no-admin", "/admin");
        var proxy =
                fleet.alone(SidecarSettings.DEFAULT, door(guarded(admin)), cluster("c", origin), table(to("/", "c")));

        var broken = new Authorization(
                "shop/no-admin",
                Authorization.Action.DENY,
                List.of(new AuthorizationRule(List.of(), List.of(methods(DEEP)))));
        var told = applyInASmallThread(proxy, door(guarded(broken)), cluster("c", origin), table(to("/", "c")));

        assertFalse(told.isEmpty());
        assertEquals(200, status(proxy, "/"));
        assertEquals(403, status(proxy, "/admin"));
    }

    @Test
    void rootsThatCannotBeReadAreNamedAndNothingElseWaitsForThem() {
        var proxy = fleet.sidecar(SidecarSettings.DEFAULT);
        var told = proxy.apply(
                Snapshot.of(List.of(new TrustSpec("trust", "tulle", List.of("no certificate")), cluster("c", origin))));
        assertEquals(List.of("trust"), names(told.culprits()));
        assertTrue(proxy.plan().current().cluster("c").isPresent());
    }

    @Test
    void aListenerThatIsNotForAProxyIsNamedAlone() throws Exception {
        var api = new ListenerSpec(
                "api", new ListenerSpec.Place.Api(), door(Fleet.routed()).chains());
        var proxy = fleet.sidecar(SidecarSettings.DEFAULT);
        var told =
                proxy.apply(Snapshot.of(List.of(api, door(Fleet.routed()), cluster("c", origin), table(to("/", "c")))));
        assertEquals(List.of("api"), names(told.culprits()));
        assertEquals(200, status(proxy, "/"));
    }

    @Test
    void aDoorThatIsTakenIsARefusalOfItsListenerUntilItIsFree() throws Exception {
        var proxy = fleet.sidecar(SidecarSettings.DEFAULT);
        List<Spec> specs;
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var place = new ListenerSpec.Place.Door("127.0.0.1", taken.getLocalPort());
            specs = List.of(
                    new ListenerSpec("door|8080", place, door(Fleet.routed()).chains()),
                    door(Fleet.routed()),
                    cluster("c", origin),
                    table(to("/", "c")));

            var told = proxy.apply(Snapshot.of(specs)).culprits();

            assertEquals(List.of("door|8080"), names(told));
            assertEquals(PlanCode.DOOR_SHUT, told.getFirst().code());
            assertTrue(told.getFirst().reason().contains(Integer.toString(taken.getLocalPort())), told.toString());
            assertEquals(200, status(proxy, "/"), "the other door is open");
        }
        assertEquals(List.of(), proxy.apply(Snapshot.of(specs)).culprits());
        assertTrue(proxy.boundAt("door|8080").isPresent());
    }

    @Test
    void aDoorThatWasTakenOpensByItselfOnceItIsFreeAndIsToldOf() throws Exception {
        var opened = new CountDownLatch(1);
        var proxy = fleet.sidecar(SidecarSettings.DEFAULT);
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var place = new ListenerSpec.Place.Door("127.0.0.1", taken.getLocalPort());
            var told = proxy.apply(Snapshot.of(List.of(
                    new ListenerSpec("door|8080", place, door(Fleet.routed()).chains()),
                    cluster("c", origin),
                    table(to("/", "c")))));
            assertEquals(List.of("door|8080"), names(told.culprits()));
            assertEquals(List.of("door|8080"), names(proxy.culprits()));
            proxy.onDoorOpened(opened::countDown);
        }

        assertTrue(opened.await(20, TimeUnit.SECONDS), "no other change was needed, and it is told");
        assertTrue(proxy.boundAt("door|8080").isPresent());
        assertEquals(List.of(), proxy.culprits());
    }

    private Spec[] wholeMesh(RouteSpec route, RouteSpec other) {
        return new Spec[] {
            door(Fleet.routed()), cluster("c", origin), table(route), new RouteTableSpec("others", List.of(other))
        };
    }

    private static WireSpec guarded(Authorization... policies) {
        return new WireSpec.Http("routes", List.of(policies));
    }

    private static Authorization deny(String name, String path) {
        var operation = new AuthorizationRule.Operation(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new PathMatch.Exact(path)),
                List.of());
        return new Authorization(
                name, Authorization.Action.DENY, List.of(new AuthorizationRule(List.of(), List.of(operation))));
    }

    private static AuthorizationRule.Operation methods(String expression) {
        return new AuthorizationRule.Operation(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new TextMatch.Regex(expression)),
                List.of(),
                List.of(),
                List.of());
    }

    private static RouteSpec to(String path, String cluster) {
        return new RouteSpec(
                path, List.of(RequestMatch.ofPath(new PathMatch.Prefix(path))), ActionSpec.Forward.to(cluster));
    }

    private static RouteSpec route(String name, PathMatch path) {
        return new RouteSpec(name, List.of(RequestMatch.ofPath(path)), ActionSpec.Forward.to("c"));
    }

    private static List<PlanCompiler.Culprit> applyInASmallThread(Sidecar proxy, Spec... specs) {
        var told = new CompletableFuture<List<PlanCompiler.Culprit>>();
        var thread = new Thread(
                null,
                () -> told.complete(proxy.apply(Snapshot.of(List.of(specs))).culprits()),
                "small",
                200 * 1024);
        thread.setUncaughtExceptionHandler((_, thrown) -> told.completeExceptionally(thrown));
        thread.start();
        return told.join();
    }

    private static List<String> names(List<PlanCompiler.Culprit> culprits) {
        return culprits.stream()
                .map(culprit -> culprit.resource().name())
                .distinct()
                .toList();
    }

    private static int status(Sidecar proxy, String path) throws IOException {
        return status(at(proxy), path);
    }

    private static int status(java.net.InetSocketAddress at, String path) throws IOException {
        try (var client = RawSocket.to(at)) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n")
                    .response()
                    .status();
        }
    }
}
