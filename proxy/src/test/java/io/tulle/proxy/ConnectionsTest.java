package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.proxy.message.Reason;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawSocket;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of connections: pipelining, keep-alive and its race, expectations, upgrades, hang-ups, draining. */
@ExtendWith(NoLeaks.class)
class ConnectionsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final Fleet fleet = new Fleet();
    private Origin origin;

    @AfterEach
    void end() throws IOException {
        fleet.close();
        origin.close();
    }

    private RawSocket client(Origin.Script script) throws IOException {
        origin = Origin.start(script);
        return RawSocket.to(Fleet.at(fleet.alone(origin)));
    }

    @Test
    void answersPipelinedRequestsInOrderAndOneAtATime() throws Exception {
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        try (var client = client((request, connection) -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            inside.decrementAndGet();
            return connection.ok(request.target());
        })) {
            var all = new StringBuilder();
            for (int i = 0; i < 500; i++) all.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
            client.send(all.toString());
            for (int i = 0; i < 500; i++)
                assertEquals("/" + i, client.response().body());
        }
        assertEquals(1, most.get());
        assertEquals(1, origin.connections());
    }

    @Test
    void looksAtNothingBehindTheLastRequestOfAConnection() throws Exception {
        try (var client = client((_, connection) -> connection.ok("last"))) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + GET);
            var response = client.response();
            assertEquals("last", response.body());
            assertEquals("close", response.header("connection").orElse(""));
            assertEquals("", client.rest());
        }
        assertEquals(1, origin.requests().size());
    }

    @Test
    void speaksHttp10AsItWasMeant() throws Exception {
        try (var client = client((_, connection) -> {
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nold\r\n0\r\n\r\n");
            return true;
        })) {
            client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
            var response = client.response();
            assertEquals("old", response.body());
            assertFalse(response.header("transfer-encoding").isPresent());
        }
    }

    @Test
    void keepsBodilessAnswersApartFromTheNext() throws Exception {
        try (var client = client((request, connection) -> {
            switch (request.target()) {
                case "/head" -> connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
                case "/204" -> connection.send("HTTP/1.1 204 No Content\r\n\r\n");
                case "/304" -> connection.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n");
                default -> connection.ok("next");
            }
            return true;
        })) {
            var head = client.send("HEAD /head HTTP/1.1\r\nHost: a\r\n\r\n").responseToHead();
            assertEquals("1000", head.header("content-length").orElse(""));
            assertEquals(
                    204,
                    client.send("GET /204 HTTP/1.1\r\nHost: a\r\n\r\n")
                            .response()
                            .status());
            assertEquals(
                    304,
                    client.send("GET /304 HTTP/1.1\r\nHost: a\r\n\r\n")
                            .response()
                            .status());
            assertEquals("next", client.send(GET).response().body());
        }
        assertEquals(1, origin.connections());
    }

    @Test
    void readsABodyThatEndsWithItsConnection() throws Exception {
        try (var client = client((_, connection) -> {
            connection.send("HTTP/1.1 200 OK\r\n\r\nuntil the end");
            return false;
        })) {
            assertEquals("until the end", client.send(GET).response().body());
            assertEquals("until the end", client.send(GET).response().body());
        }
    }

    @Test
    void passesOnAnExpectationAndItsAnswer() throws Exception {
        try (var client = client((request, connection) -> {
            connection.send("HTTP/1.1 100 Continue\r\n\r\n");
            var length = Integer.parseInt(request.header("content-length").orElseThrow());
            return connection.ok(new String(connection.bytes(length), java.nio.charset.StandardCharsets.US_ASCII));
        })) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
            assertEquals(100, client.response().status());
            assertEquals("body", client.send("body").response().body());
        }
    }

    @Test
    void closesWhenAnAnswerComesBeforeTheWholeRequest() throws Exception {
        try (var client = client((_, connection) -> {
            connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
            return true;
        })) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n");
            assertEquals(413, client.response().status());
            assertEquals("", client.rest());
        }
    }

    @Test
    void switchesToWebSocketBytesOnlyAfterA101() throws Exception {
        try (var client = client((request, connection) -> {
            assertEquals("websocket", request.header("upgrade").orElse(""));
            connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhi");
            for (var b = connection.read(); b >= 0; b = connection.read()) connection.send(new byte[] {(byte) (b + 1)});
            return false;
        })) {
            // The first bytes of the new protocol come early: they may not leave before the switch is agreed.
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nabc");
            var head = client.until("\r\n\r\n");
            assertTrue(head.startsWith("HTTP/1.1 101"), head);
            assertTrue(head.contains("upgrade: websocket") && head.contains("connection: upgrade"), head);
            assertEquals("hibcd", client.until("hibcd"));
            assertEquals("efg", client.send("def").until("efg"));
        }
        var report = fleet.nextReport();
        assertEquals(101, report.outcome().status());
        assertEquals(6, report.requestBytes());
    }

    @Test
    void staysHttpWhenTheSwitchIsRefused() throws Exception {
        try (var client = client((request, connection) ->
                request.header("upgrade").isPresent() ? connection.answer(200, "no") : connection.ok("yes"))) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            assertEquals("no", client.response().body());
            assertEquals("yes", client.send(GET).response().body());
        }
        assertEquals(1, origin.connections());
    }

    @Test
    void doesNotPassOnOtherUpgradesNorNominatedHeaders() throws Exception {
        try (var client = client((_, connection) -> connection.ok(""))) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, X-Hop, Host\r\nUpgrade: h2c\r\nX-Hop: 1\r\n"
                    + "HTTP2-Settings: x\r\nKeep-Alive: 5\r\nTE: trailers, deflate\r\n\r\n");
            assertEquals(200, client.response().status());
        }
        var seen = origin.requests().getFirst();
        assertEquals(Optional.empty(), seen.header("upgrade"));
        assertEquals(Optional.empty(), seen.header("x-hop"));
        assertEquals(Optional.empty(), seen.header("keep-alive"));
        assertEquals(Optional.empty(), seen.header("http2-settings"));
        assertEquals(Optional.of("trailers"), seen.header("te"));
        assertEquals(Optional.of("a"), seen.header("host"));
    }

    @Test
    void refusesA101ThatNobodyAskedFor() throws Exception {
        try (var client = client((_, connection) -> {
            connection.send("HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 200 OK\r\n\r\n");
            return false;
        })) {
            var response = client.send(GET).response();
            assertEquals(502, response.status());
            assertTrue(response.body().startsWith("TUL1609"), response.body());
        }
    }

    @Test
    void sendsAnIdempotentRequestAgainWhenAReusedConnectionWasClosed() throws Exception {
        var count = new AtomicInteger();
        try (var client = client((_, connection) -> {
            // The second request of a connection meets a server that closes it at that very moment.
            if (count.incrementAndGet() == 2) {
                connection.reset();
                return false;
            }
            return connection.ok("answer " + count.get());
        })) {
            assertEquals("answer 1", client.send(GET).response().body());
            assertEquals("answer 3", client.send(GET).response().body());
            fleet.nextReport();
            assertEquals(2, fleet.nextReport().attempts());
        }
    }

    @Test
    void doesNotSendAPostTwice() throws Exception {
        var count = new AtomicInteger();
        try (var client = client((_, connection) -> {
            if (count.incrementAndGet() == 2) {
                connection.reset();
                return false;
            }
            return connection.ok("answer");
        })) {
            assertEquals(200, client.send(GET).response().status());
            var response = client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
                    .response();
            assertEquals(503, response.status());
            assertTrue(response.body().startsWith("TUL1606"), response.body());
            assertEquals(2, count.get());
        }
    }

    @Test
    void ignoresNothingThatComesUnasked() throws Exception {
        var count = new AtomicInteger();
        try (var client = client((_, connection) -> {
            if (count.incrementAndGet() > 1) return connection.ok("second");
            // A second answer to the same request must not become the answer to the next one.
            connection.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirstHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
            return true;
        })) {
            assertEquals("first", client.send(GET).response().body());
            assertEquals("second", client.send(GET).response().body());
        }
        assertEquals(2, origin.connections());
    }

    @Test
    void hangsUpOnTheEndpointWhenTheCallerIsGone() throws Exception {
        var asked = new CountDownLatch(1);
        var hungUp = new CountDownLatch(1);
        try (var client = client((_, connection) -> {
            asked.countDown();
            connection.drain();
            hungUp.countDown();
            return false;
        })) {
            client.send(GET);
            assertTrue(asked.await(20, TimeUnit.SECONDS));
        }
        assertTrue(hungUp.await(20, TimeUnit.SECONDS));
        assertEquals(
                Optional.of(Reason.CALLER_GONE), fleet.nextReport().outcome().reason());
    }

    @Test
    void cutsAnAnswerThatBreaksOff() throws Exception {
        try (var client = client((_, connection) -> {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            return false;
        })) {
            var all = client.send(GET).rest();
            assertTrue(all.endsWith("half"), all);
        }
        assertEquals(
                Optional.of(Reason.UPSTREAM_CLOSED),
                fleet.nextReport().outcome().reason());
    }

    @Test
    void drainsWithoutBreakingWhatIsInFlight() throws Exception {
        var asked = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        origin = Origin.start((_, connection) -> {
            asked.countDown();
            await(go);
            return connection.ok("done");
        });
        var proxy = fleet.alone(origin);
        try (var busy = RawSocket.to(Fleet.at(proxy));
                var idle = RawSocket.to(Fleet.at(proxy))) {
            busy.send(GET);
            assertTrue(asked.await(20, TimeUnit.SECONDS));
            var drained = proxy.drain();
            assertEquals("", idle.rest());
            assertFalse(drained.isDone());
            go.countDown();
            var response = busy.response();
            assertEquals("done", response.body());
            assertEquals("close", response.header("connection").orElse(""));
            drained.get(20, TimeUnit.SECONDS);
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
