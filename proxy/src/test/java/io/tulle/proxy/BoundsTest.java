package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.policy.TimeoutPolicy;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawHttp2;
import io.tulle.testkit.RawResponse;
import io.tulle.testkit.RawSocket;
import io.tulle.testkit.TcpOrigin;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.RouteSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much of a message is let through, and when it counts as whole. */
@ExtendWith(NoLeaks.class)
class BoundsTest {
    private final Fleet fleet = new Fleet();

    @AfterEach
    void end() {
        fleet.close();
    }

    private Origin origin() throws IOException {
        return fleet.keep(Origin.saying("fine"));
    }

    private static String head(int fields) {
        var head = new StringBuilder("GET / HTTP/1.1\r\nHost: cart\r\n");
        for (int i = 1; i < fields; i++) head.append("x-").append(i).append(": 1\r\n");
        return head.append("\r\n").toString();
    }

    private static RawResponse get(Pair pair, String head) throws IOException {
        try (var client = pair.call()) {
            return client.send(head).response();
        }
    }

    @Test
    void aHundredFieldsOfACallersOwnPassTwoSidecars() throws Exception {
        var pair = new Pair(fleet, origin().port());
        assertEquals(200, get(pair, head(100)).status());
        assertEquals(431, get(pair, head(101)).status());
    }

    @Test
    void aHeadOfSixtyFourKilobytesPassesTwoSidecars() throws Exception {
        var pair = new Pair(fleet, origin().port());
        var rest = "GET / HTTP/1.1\r\nHost: cart\r\nx: \r\n\r\n".length();
        var most = "x".repeat(64 * 1024 - rest);
        assertEquals(
                200,
                get(pair, "GET / HTTP/1.1\r\nHost: cart\r\nx: " + most + "\r\n\r\n")
                        .status());
        assertEquals(
                431,
                get(pair, "GET / HTTP/1.1\r\nHost: cart\r\nx: " + most + "x\r\n\r\n")
                        .status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"internal.example..", ".internal.example", "a..b", ".", "..", "a:80:80", "a:b", "[::1", "::1"})
    void aHostThatReadsInTwoWaysIsRefused(String host) throws Exception {
        var origin = origin();
        var proxy = fleet.alone(origin);
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            assertEquals(
                    400,
                    client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                            .response()
                            .status());
        }
        try (var client = RawHttp2.to(Fleet.at(proxy))) {
            client.headers(1, RawHttp2.WHOLE, ":method", "GET", ":scheme", "http", ":path", "/", ":authority", host);
            assertTrue(client.go().fate(1).startsWith("400"));
        }
        assertEquals(List.of(), origin.requests());
    }

    @ParameterizedTest
    @ValueSource(strings = {"internal.example.", "a:80", "a:", "[::1]", "[::1]:80", "10.0.0.1", "my_db", "a.:80"})
    void anyOtherHostPasses(String host) throws Exception {
        var proxy = fleet.alone(origin());
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            assertEquals(
                    200,
                    client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                            .response()
                            .status());
        }
    }

    @Test
    void aMethodOfOnesOwnPassesAndIsNoNovel() throws Exception {
        var origin = origin();
        var proxy = fleet.alone(origin);
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            client.send("BREW / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, client.response().status());
            client.send("B".repeat(33) + " / HTTP/1.1\r\nHost: a\r\n\r\n");
            var refused = client.response();
            assertEquals(501, refused.status());
            assertEquals("TUL1640", refused.header("x-tulle-code").orElse(""));
        }
        try (var client = RawHttp2.to(Fleet.at(proxy))) {
            var method = "B".repeat(33);
            client.headers(1, RawHttp2.WHOLE, ":method", method, ":scheme", "http", ":path", "/", ":authority", "a");
            assertEquals(501, client.go().answer(1).status());
        }
        assertEquals(1, origin.requests().size());
    }

    @Test
    void interimAnswersTogetherAreBounded() throws Exception {
        var origin = fleet.keep(TcpOrigin.start(socket -> {
            var hint = ("HTTP/1.1 103 Early Hints\r\nlink: </" + "a".repeat(1000) + ">\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 4000; i++) socket.getOutputStream().write(hint);
        }));
        var proxy = fleet.alone(
                SidecarSettings.DEFAULT,
                Fleet.door(Fleet.routed()),
                Fleet.cluster("c", ConnectionLimits.DEFAULT, Protocol.HTTP, origin.port()),
                Fleet.table(RouteSpec.toCluster("all", "c")));
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            assertEquals(502, afterHints(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")));
        }
    }

    private static int afterHints(RawSocket client) throws IOException {
        var answer = client.response();
        for (int seen = 0; answer.status() == 103; seen++) {
            assertTrue(seen < 70, "more than 64 KiB of hints");
            answer = client.response();
        }
        return answer.status();
    }

    @Test
    void interimAnswersOverHttp2TogetherAreBounded() throws Exception {
        var origin = fleet.keep(new RawOrigin((connection, _) -> {
            connection.next(RawHttp2.HEADERS);
            for (int i = 0; i < 1000; i++) {
                connection
                        .headers(1, RawHttp2.END_HEADERS, ":status", "103", "link", "</" + "a".repeat(1000) + ">")
                        .go();
            }
            while (connection.next().isPresent()) {}
        }));
        var proxy = fleet.alone(
                SidecarSettings.DEFAULT,
                Fleet.door(Fleet.routed()),
                Fleet.cluster("c", ConnectionLimits.DEFAULT, Protocol.HTTP2, origin.port()),
                Fleet.table(RouteSpec.toCluster("all", "c")));
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            assertEquals(502, afterHints(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")));
        }
    }

    /** HTTP/1 behind the sidecar acts on a request as soon as it has what content-length says. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void whatIsLongerThanItSaysIsResetBeforeTheOriginSeesItWhole(int promised) throws Exception {
        var acted = new CountDownLatch(1);
        var origin = fleet.keep(Origin.start((request, connection) -> {
            if (request.method().equals("POST") && request.body().length() == promised) acted.countDown();
            return connection.ok("fine");
        }));
        var proxy = fleet.alone(origin);
        try (var client = RawHttp2.to(Fleet.at(proxy))) {
            client.get(1).go().answer(1); // from here on a connection to the origin stands ready
            assertTrue(fleet.nextReport().outcome().reason().isEmpty());
            client.post(3, "content-length", Integer.toString(promised));
            if (promised > 0) client.frame(RawHttp2.DATA, 0, 3, new byte[promised]);
            client.go();
            // The sidecar has taken what came before this answer to a ping.
            client.frame(6, 0, 0, new byte[8]).go().next(6);
            assertFalse(acted.await(500, TimeUnit.MILLISECONDS), "the origin has all that was promised");
            client.frame(RawHttp2.DATA, RawHttp2.END_STREAM, 3, new byte[3]).go();
            assertEquals("RST PROTOCOL_ERROR", client.fate(3));
            assertTrue(fleet.nextReport().outcome().reason().isPresent());
            client.get(5).go();
            assertEquals(200, client.answer(5).status());
        }
        assertEquals(1, acted.getCount(), "and never acts on it");
    }

    @Test
    void aLengthThatIsKeptPassesHoweverItEnds() throws Exception {
        var origin = origin();
        var proxy = fleet.alone(origin);
        try (var client = RawHttp2.to(Fleet.at(proxy))) {
            client.post(1, "content-length", "0").frame(RawHttp2.DATA, RawHttp2.END_STREAM, 1);
            assertEquals(200, client.go().answer(1).status());
            client.post(3, "content-length", "2").frame(RawHttp2.DATA, 0, 3, (byte) 'a', (byte) 'b');
            client.frame(RawHttp2.DATA, RawHttp2.END_STREAM, 3);
            assertEquals(200, client.go().answer(3).status());
            client.post(5, "content-length", "0").headers(5, RawHttp2.WHOLE, "x-sum", "1");
            assertEquals(200, client.go().answer(5).status());
        }
        assertEquals(
                List.of("", "ab", ""),
                origin.requests().stream().map(request -> request.body()).toList());
    }

    @Test
    void aRoutesTimeLimitEndsAStreamUnlessItIsNought() throws Exception {
        var go = new CountDownLatch(1);
        var origin = fleet.keep(Origin.start((request, connection) -> {
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
            try {
                if (request.target().equals("/events") && !go.await(20, TimeUnit.SECONDS)) return false;
            } catch (InterruptedException stopped) {
                throw new IOException(stopped);
            }
            if (request.target().equals("/events")) connection.send("data: 2\n\n");
            else connection.drain();
            return false;
        }));
        var proxy = fleet.alone(
                SidecarSettings.DEFAULT,
                Fleet.door(Fleet.routed()),
                Fleet.cluster("c", origin),
                Fleet.table(within("/events", Duration.ZERO), within("/", Duration.ofMillis(200))));
        try (var events = RawSocket.to(Fleet.at(proxy));
                var limited = RawSocket.to(Fleet.at(proxy))) {
            events.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n").until("data: 1\n\n");
            limited.send("GET /other HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(limited.rest().contains("data: 1")); // and is cut
            go.countDown();
            events.until("data: 2\n\n");
        }
    }

    private static RouteSpec within(String prefix, Duration timeout) {
        return new RouteSpec(
                prefix,
                List.of(RequestMatch.ofPath(new PathMatch.StringPrefix(prefix))),
                ActionSpec.Forward.to("c"),
                RoutePolicy.set(Optional.of(new TimeoutPolicy(timeout))));
    }
}
