package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.AuthorizationRule;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.FaultPolicy;
import io.tulle.model.policy.Percentage;
import io.tulle.model.policy.RetryPolicy;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.policy.TimeoutPolicy;
import io.tulle.proxy.message.Wire;
import io.tulle.proxy.pool.ApplicationPorts;
import io.tulle.testkit.NestOrigin;
import io.tulle.testkit.NestSocket;
import io.tulle.testkit.NoLeaks;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.WireSpec;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nest TCP, message by message, over real sockets with scripted servers. */
@ExtendWith(NoLeaks.class)
class NestTcpDoorTest {
    private static final RouteSpec ALL = RouteSpec.toCluster("all", "c");

    private final Fleet fleet = new Fleet();
    private final List<NestOrigin> origins = new ArrayList<>();

    @AfterEach
    void end() {
        fleet.close();
    }

    private NestOrigin origin(NestOrigin.Script script) throws IOException {
        var origin = fleet.keep(NestOrigin.start(script));
        origins.add(origin);
        return origin;
    }

    private NestOrigin saying(String word) throws IOException {
        var origin = fleet.keep(NestOrigin.saying(word));
        origins.add(origin);
        return origin;
    }

    private Sidecar proxy(RouteSpec route, NestOrigin... to) {
        return proxy(route, List.of(), to);
    }

    private Sidecar proxy(RouteSpec route, List<Authorization> policies, NestOrigin... to) {
        return fleet.alone(SidecarSettings.DEFAULT, specs(route, policies, to));
    }

    private static Spec[] specs(RouteSpec route, List<Authorization> policies, NestOrigin... to) {
        return specs(
                route, policies, Arrays.stream(to).mapToInt(NestOrigin::port).toArray());
    }

    private static Spec[] specs(RouteSpec route, List<Authorization> policies, int... ports) {
        return new Spec[] {
            Fleet.door(new WireSpec.NestTcp("routes", policies)),
            Fleet.cluster("c", ConnectionLimits.DEFAULT, Protocol.NEST_TCP, ports),
            Fleet.table(route)
        };
    }

    private static String request(String pattern, String data, String id) {
        return "{\"pattern\":" + pattern + ",\"data\":" + data + ",\"id\":\"" + id + "\"}";
    }

    private static String sum(String id) {
        return request("{\"cmd\":\"sum\"}", "[1,2]", id);
    }

    private static RouteSpec route(
            Optional<Duration> timeout, Optional<RetryPolicy> retry, Optional<FaultPolicy> fault) {
        return new RouteSpec(
                "all",
                List.of(RequestMatch.ANY),
                ActionSpec.Forward.to("c"),
                RoutePolicy.set(timeout.map(TimeoutPolicy::new), retry, fault));
    }

    private static RetryPolicy onReset() {
        return new RetryPolicy(
                3, Optional.empty(), Set.of(RetryPolicy.Condition.RESET), List.of(), Duration.ofMillis(1), false, true);
    }

    private static List<Authorization> denying(String prefix) {
        var paths = new AuthorizationRule.Operation(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new PathMatch.StringPrefix(prefix)),
                List.of());
        var rule = new AuthorizationRule(List.of(), List.of(paths));
        return List.of(new Authorization("shop/no", Authorization.Action.DENY, List.of(rule)));
    }

    @Test
    void spreadsTheCallsOfOneConnection() throws Exception {
        var proxy = proxy(ALL, saying("a"), saying("b"));
        var heard = new HashMap<String, Integer>();
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            for (int i = 0; i < 500; i++) client.send(sum("id-" + i));
            var ids = new HashSet<String>();
            for (int i = 0; i < 500; i++) {
                var reply = client.next();
                ids.add(NestSocket.id(reply));
                heard.merge(reply.contains("\"a\"") ? "a" : "b", 1, Integer::sum);
            }
            assertEquals(500, ids.size());
        }
        assertTrue(heard.get("a") >= 200 && heard.get("b") >= 200, heard.toString());
        assertEquals(1, origins.get(0).connections());
        assertEquals(1, origins.get(1).connections());
        for (int i = 0; i < 500; i++) {
            var report = fleet.nextReport();
            assertEquals(200, report.outcome().status());
            assertEquals("/cmd=sum", report.request().path());
            assertEquals(Wire.NEST_TCP, report.request().wire());
        }
    }

    @Test
    void keepsTheEventsOfOneConnectionInOrderOnOneEndpoint() throws Exception {
        var proxy = proxy(ALL, saying("a"), saying("b"));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            for (int i = 0; i < 200; i++) client.send("{\"pattern\":\"seen\",\"data\":" + i + "}");
            for (int i = 0; i < 200; i++)
                assertEquals("EVENT", fleet.nextReport().request().method());
            client.send(sum("x")).next();
            client.send(sum("y")).next();
        }
        var events = origins.stream()
                .map(o ->
                        o.messages().stream().filter(m -> !m.contains("\"id\"")).toList())
                .filter(list -> !list.isEmpty())
                .toList();
        assertEquals(1, events.size());
        for (int i = 0; i < 200; i++) assertTrue(events.getFirst().get(i).contains("\"data\":" + i + "}"));
    }

    @Test
    void passesAStreamUntilItsEnd() throws Exception {
        var proxy = proxy(ALL, origin((message, connection) -> {
            var id = NestSocket.id(message);
            for (int i = 0; i < 5; i++) connection.send("{\"response\":" + i + ",\"id\":" + id + "}");
            connection.send("{\"isDisposed\":true,\"id\":" + id + "}");
        }));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            client.send(sum("s"));
            for (int i = 0; i < 5; i++) assertEquals("{\"response\":" + i + ",\"id\":\"s\"}", client.next());
            assertTrue(client.next().contains("isDisposed"));
        }
        var report = fleet.nextReport();
        assertEquals(200, report.outcome().status());
        assertTrue(report.responseBytes() > 100);
    }

    @Test
    void readsTwoMessagesOfOneSegmentAndOneMessageCutAnywhere() throws Exception {
        var proxy = proxy(ALL, saying("é€😀"));
        var one = NestSocket.frame(request("\"größe\"", "\"😀é\"", "a"));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            var two = Arrays.copyOf(one, one.length * 2);
            System.arraycopy(one, 0, two, one.length, one.length);
            client.raw(two);
            assertTrue(client.next().contains("é€😀"));
            assertTrue(client.next().contains("é€😀"));
            for (int cut = 1; cut < one.length; cut++) {
                client.raw(Arrays.copyOf(one, cut));
                client.raw(Arrays.copyOfRange(one, cut, one.length));
                assertTrue(client.next().contains("é€😀"), "cut at " + cut);
            }
        }
    }

    @Test
    void endsCallsOfADeadEndpointInAnErrorThatNamesIt() throws Exception {
        var arrived = new CountDownLatch(12);
        var proxy = proxy(ALL, origin((_, connection) -> {
            arrived.countDown();
            if (arrived.getCount() == 0) connection.close();
        }));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            for (int i = 0; i < 12; i++) client.send(sum("k" + i));
            assertTrue(arrived.await(20, TimeUnit.SECONDS));
            for (int i = 0; i < 12; i++) {
                var reply = client.next();
                assertTrue(reply.contains("TUL1606") && reply.contains("origin-0"), reply);
                assertTrue(reply.contains("\"isDisposed\":true"), reply);
            }
        }
        for (int i = 0; i < 12; i++)
            assertEquals("UC", fleet.nextReport().outcome().flags());
    }

    @Test
    void replaysCallsOfADeadEndpointWhereTheRouteSaysSo() throws Exception {
        var arrived = new AtomicInteger();
        var dying = origin((_, connection) -> {
            if (arrived.incrementAndGet() == 12) connection.close();
        });
        var proxy = proxy(route(Optional.empty(), Optional.of(onReset()), Optional.empty()), dying, saying("alive"));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            var ids = new HashSet<String>();
            for (int i = 0; i < 24; i++) client.send(sum("k" + i));
            for (int i = 0; i < 24; i++) {
                var reply = client.next();
                assertTrue(reply.contains("alive"), reply);
                ids.add(NestSocket.id(reply));
            }
            assertEquals(24, ids.size());
        }
        var attempts = 0;
        for (int i = 0; i < 24; i++) attempts += fleet.nextReport().attempts();
        assertEquals(36, attempts);
    }

    @Test
    void goesToAnotherEndpointWhenOneCannotBeReached() throws Exception {
        var ports = new int[] {fleet.nobodyListens(), saying("there").port()};
        var proxy = fleet.alone(SidecarSettings.DEFAULT, specs(ALL, List.of(), ports));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            for (int i = 0; i < 20; i++)
                assertTrue(client.send(sum("i" + i)).next().contains("there"));
            client.send("{\"pattern\":\"seen\",\"data\":1}");
            client.send(sum("last")).next();
        }
    }

    @Test
    void saysThatNobodyCouldBeReached() throws Exception {
        var proxy = fleet.alone(SidecarSettings.DEFAULT, specs(ALL, List.of(), fleet.nobodyListens()));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            var reply = client.send(sum("i")).next();
            assertTrue(reply.contains("TUL1605") && reply.contains("origin-0"), reply);
            assertEquals("UF,URX", fleet.nextReport().outcome().flags());
            client.send("{\"pattern\":\"seen\",\"data\":1}");
            assertEquals("UF", fleet.nextReport().outcome().flags());
        }
    }

    @Test
    void deniesByPatternHoweverItIsSpelled() throws Exception {
        var spellings = List.of(
                "{\"cmd\":\"admin\"}",
                "\"{\\\"cmd\\\":\\\"admin\\\"}\"",
                "{ \"cmd\" : \"admin\" }",
                "{\"\\u0063md\":\"admin\"}",
                "{\"cmd\":\"\\u0061dmin\"}",
                "\"{ \\\"cmd\\\" : \\\"\\\\u0061dmin\\\" }\"");
        var origin = saying("admin");
        var open = proxy(ALL, origin);
        try (var client = NestSocket.to(Fleet.at(open))) {
            for (var spelling : spellings) {
                assertTrue(client.send(request(spelling, "1", "a")).next().contains("\"admin\""), spelling);
                assertTrue(origin.messages().getLast().startsWith("{\"pattern\":{\"cmd\":\"admin\"},"), spelling);
            }
            var before = origin.messages().size();
            Fleet.apply(open, specs(ALL, denying("/cmd=admin"), origin));
            for (var spelling : spellings) {
                var reply = client.send(request(spelling, "1", "a")).next();
                assertTrue(reply.contains("TUL1602"), spelling);
            }
            var twice = client.send("{\"pattern\":\"x\",\"p\\u0061ttern\":{\"cmd\":\"admin\"},\"id\":\"a\"}");
            assertTrue(twice.isClosedByPeer());
            assertEquals(before, origin.messages().size());
        }
        try (var client = NestSocket.to(Fleet.at(open))) {
            assertTrue(client.send(sum("s")).next().contains("\"admin\""));
        }
    }

    @Test
    void namesThePolicyToTheDeniedOnlyWhereTheMeshTellsIt() throws Exception {
        var origin = saying("never");
        var specs = specs(ALL, denying("/"), origin);
        var proxy = fleet.alone(SidecarSettings.DEFAULT, specs);
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            assertFalse(client.send(sum("1")).next().contains("shop/no"));
            var silent = (ListenerSpec) specs[0];
            specs[0] = new ListenerSpec(silent.name(), silent.place(), silent.chains(), true);
            Fleet.apply(proxy, specs);
            var told = client.send(sum("2")).next();
            assertTrue(told.contains("TUL1602") && told.contains("shop/no rule 1"), told);
        }
    }

    @Test
    void answersWhatIsTooLargeAndGoesOn() throws Exception {
        var proxy = proxy(ALL, saying("small"));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            var large = "\"" + "é".repeat(3 * 1024 * 1024) + "\"";
            var reply = client.send(request("\"sum\"", large, "big")).next();
            assertTrue(reply.contains("TUL1804") && reply.endsWith("\"id\":\"big\"}"), reply);
            assertTrue(client.send(sum("ok")).next().contains("small"));
        }
        assertEquals("DPE", fleet.nextReport().outcome().flags());
    }

    @Test
    void answersForAReplyThatIsTooLarge() throws Exception {
        var proxy = proxy(ALL, origin((message, connection) -> {
            var response = message.contains("large") ? "\"" + "x".repeat(5 * 1024 * 1024) + "\"" : "1";
            connection.send(NestOrigin.reply(response, NestSocket.id(message)));
        }));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            var reply = client.send(request("\"large\"", "1", "l")).next();
            assertTrue(reply.contains("TUL1609") && reply.endsWith("\"id\":\"l\"}"), reply);
            assertTrue(client.send(sum("ok")).next().contains("\"response\":1"));
        }
    }

    @Test
    void endsACallAtItsDeadlineAndThrowsTheLateReplyAway() throws Exception {
        var go = new CountDownLatch(1);
        var proxy = proxy(
                route(Optional.of(Duration.ofMillis(100)), Optional.empty(), Optional.empty()),
                origin((message, connection) -> {
                    await(message.contains("slow") ? go : new CountDownLatch(0));
                    connection.send(NestOrigin.reply("\"late\"", NestSocket.id(message)));
                }));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            var reply = client.send(request("\"slow\"", "1", "s")).next();
            assertTrue(reply.contains("TUL1608"), reply);
            go.countDown();
            assertEquals(
                    "\"t\"",
                    NestSocket.id(client.send(request("\"fast\"", "1", "t")).next()));
        }
        var report = fleet.nextReport();
        assertEquals(504, report.outcome().status());
        assertEquals("UT", report.outcome().flags());
    }

    @Test
    void abortsByFaultBeforeTheApplicationSeesAnything() throws Exception {
        var abort = new FaultPolicy(
                Optional.of(new FaultPolicy.Delay(Duration.ofMillis(5), Percentage.ALL)),
                Optional.of(new FaultPolicy.Abort(new FaultPolicy.Answer.Http(418), Percentage.ALL)));
        var proxy = proxy(route(Optional.empty(), Optional.empty(), Optional.of(abort)), saying("never"));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            assertTrue(client.send(sum("f")).next().contains("TUL1612"));
        }
        assertEquals(418, fleet.nextReport().outcome().status());
        assertEquals(List.of(), origins.getFirst().messages());
    }

    @Test
    void passesTheApplicationsOwnErrorsOn() throws Exception {
        var proxy = proxy(ALL, origin((message, connection) -> {
            var err = message.contains("none") ? "\"There is no matching message handler defined.\"" : "{\"status\":1}";
            connection.send("{\"err\":" + err + ",\"isDisposed\":true,\"id\":" + NestSocket.id(message) + "}");
        }));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            assertTrue(client.send(request("\"none\"", "1", "n")).next().contains("no matching"));
            assertTrue(client.send(request("\"some\"", "1", "s")).next().contains("\"status\":1"));
        }
        var none = fleet.nextReport();
        assertEquals(404, none.outcome().status());
        assertEquals("-", none.outcome().flags());
        assertEquals(500, fleet.nextReport().outcome().status());
    }

    @Test
    void tellsApartTwoCallsOfOneId() throws Exception {
        var waiting = new ArrayList<String>();
        var proxy = proxy(ALL, origin((message, connection) -> {
            waiting.add(NestSocket.id(message));
            if (waiting.size() < 2) return;
            for (var id : waiting) connection.send(NestOrigin.reply("1", id));
        }));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            client.send(sum("same")).send(sum("same"));
            assertEquals("\"same\"", NestSocket.id(client.next()));
            assertEquals("\"same\"", NestSocket.id(client.next()));
        }
        assertEquals(2, new HashSet<>(waiting).size());
    }

    @Test
    void closesTheEndpointsConnectionWithTheClients() throws Exception {
        var closed = new CountDownLatch(1);
        var arrived = new CountDownLatch(1);
        var proxy = proxy(ALL, origin((_, connection) -> {
            arrived.countDown();
            assertThrows(EOFException.class, connection::next);
            closed.countDown();
            throw new EOFException("the script is over");
        }));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            client.send(sum("x"));
            assertTrue(arrived.await(20, TimeUnit.SECONDS));
        }
        assertTrue(closed.await(20, TimeUnit.SECONDS));
        assertEquals("DC", fleet.nextReport().outcome().flags());
    }

    @Test
    void readsNoFasterThanTheClientTakesIt() throws Exception {
        var sent = new AtomicInteger();
        var whole = new CountDownLatch(1);
        var proxy = proxy(ALL, origin((message, connection) -> {
            var id = NestSocket.id(message);
            var piece = "\"" + "x".repeat(64 * 1024) + "\"";
            for (int i = 0; i < 600; i++) {
                connection.send("{\"response\":" + piece + ",\"id\":" + id + "}");
                sent.incrementAndGet();
            }
            whole.countDown();
            connection.send(NestOrigin.reply("0", id));
        }));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            client.send(sum("x"));
            client.next();
            var seen = -1;
            while (seen != sent.get()) { // until nothing more is taken from the origin for a while
                seen = sent.get();
                assertFalse(whole.await(300, TimeUnit.MILLISECONDS), "all was taken");
            }
            for (int i = 1; i < 600; i++) client.next();
            assertTrue(client.next().contains("isDisposed"));
        }
    }

    @Test
    void goesThroughTwoSidecarsWithMutualTls() throws Exception {
        var origin = saying("cart");
        var pair = new Pair(fleet, origin.port(), Protocol.NEST_TCP, ApplicationPorts.asDeclared());
        try (var client = pair.callNest()) {
            for (int i = 0; i < 20; i++)
                assertTrue(client.send(sum("n" + i)).next().contains("cart"));
            client.send("{\"pattern\":\"seen\",\"data\":1}").send(sum("last")).next();
            Fleet.apply(pair.cart, pair.cartSpecs(origin.port(), denying("/cmd=sum")));
            assertTrue(client.send(sum("no")).next().contains("TUL1602"));
        }
    }

    @Test
    void finishesWhatIsInFlightWhenItDrains() throws Exception {
        var arrived = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var proxy = proxy(ALL, origin((message, connection) -> {
            arrived.countDown();
            await(go);
            connection.send(NestOrigin.reply("\"done\"", NestSocket.id(message)));
        }));
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            client.send(sum("x"));
            assertTrue(arrived.await(20, TimeUnit.SECONDS));
            var drained = proxy.drain();
            go.countDown();
            assertTrue(client.next().contains("done"));
            assertTrue(client.isClosedByPeer());
            drained.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void saysThatHttpOrTlsCameToItsPort() throws Exception {
        var proxy = proxy(ALL, saying("x"));
        for (var stranger : List.of("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\u0016\u0003\u0001")) {
            try (var client = NestSocket.to(Fleet.at(proxy))) {
                client.raw(stranger.getBytes(StandardCharsets.ISO_8859_1));
                assertTrue(client.isClosedByPeer());
                var detail = fleet.nextReport().outcome().detail();
                assertTrue(detail.startsWith("TUL1801") && detail.contains("this looks like"), detail);
            }
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
