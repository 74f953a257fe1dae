package io.tulle.proxy;

import static io.tulle.testkit.RawHttp2.DATA;
import static io.tulle.testkit.RawHttp2.END_HEADERS;
import static io.tulle.testkit.RawHttp2.END_STREAM;
import static io.tulle.testkit.RawHttp2.GOAWAY;
import static io.tulle.testkit.RawHttp2.HEADERS;
import static io.tulle.testkit.RawHttp2.PING;
import static io.tulle.testkit.RawHttp2.RST;
import static io.tulle.testkit.RawHttp2.SETTINGS;
import static io.tulle.testkit.RawHttp2.WHOLE;
import static io.tulle.testkit.RawHttp2.WINDOW;
import static io.tulle.testkit.RawHttp2.setting;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawHttp2;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A caller that speaks HTTP/2 by prior knowledge, an origin that speaks HTTP/1.1, a sidecar between them. */
@ExtendWith(NoLeaks.class)
class Http2Test {
    private final Fleet fleet = new Fleet();
    private Optional<Origin> origin = Optional.empty();

    @AfterEach
    void end() throws IOException {
        fleet.close();
        if (origin.isPresent()) origin.get().close();
    }

    private Sidecar before(Origin started) {
        origin = Optional.of(started);
        return fleet.alone(started);
    }

    @Test
    void translatesARequestToHttp1() throws IOException {
        var started = Origin.saying("hello");
        try (var client = RawHttp2.to(Fleet.at(before(started)))) {
            client.headers(
                            1,
                            WHOLE,
                            ":method",
                            "GET",
                            ":scheme",
                            "http",
                            ":path",
                            "/x/../items?a=%2f",
                            ":authority",
                            "Cart:4000",
                            "cookie",
                            "a=1",
                            "te",
                            "trailers",
                            "cookie",
                            "b=2",
                            "x-text",
                            "caf\u00e9")
                    .go();
            var answer = client.answer(1);
            assertEquals(200, answer.status());
            assertEquals("hello", answer.body());
        }
        var seen = started.requests().getFirst();
        assertEquals("/items?a=%2f", seen.target());
        assertEquals("cart:4000", seen.header("host").orElseThrow());
        assertEquals(List.of("a=1; b=2"), seen.all("cookie"));
        assertEquals("caf\u00e9", seen.header("x-text").orElseThrow());
        assertTrue(seen.header("transfer-encoding").isEmpty());
    }

    @Test
    void carriesManyStreamsAtOnce() throws IOException {
        try (var client = RawHttp2.to(Fleet.at(before(Origin.saying("hello"))))) {
            for (int i = 0; i < 90; i++) client.get(2 * i + 1);
            client.go();
            var ended = new HashSet<Integer>();
            while (ended.size() < 90) {
                var frame = client.next().orElseThrow();
                if (frame.ends()) ended.add(frame.stream());
            }
        }
    }

    @Test
    void refusesAStreamTooManySoThatItMayGoElsewhere() throws IOException {
        var sidecar = before(Origin.start((_, connection) -> {
            connection.drain();
            return false;
        }));
        try (var client = RawHttp2.to(Fleet.at(sidecar))) {
            for (int i = 0; i < 101; i++) client.get(2 * i + 1);
            assertEquals("RST REFUSED_STREAM", client.go().fate(201));
        }
    }

    @Test
    void carriesAnAnswerInChunksWithTrailers() throws IOException {
        var sidecar = before(Origin.start((_, connection) -> {
            connection.send(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx-sum: 42\r\n\r\n");
            return true;
        }));
        try (var client = RawHttp2.to(Fleet.at(sidecar))) {
            var answer = client.get(1).go().answer(1);
            assertEquals("hello", answer.body());
            assertEquals("42", answer.trailers().get("x-sum"));
            assertTrue(!answer.head().containsKey("transfer-encoding"));
        }
    }

    @Test
    void sendsOnlyWhatTheWindowLetsIn() throws IOException {
        var sidecar = before(Origin.saying("0123456789"));
        try (var client = RawHttp2.to(Fleet.at(sidecar))) {
            client.frame(SETTINGS, 0, 0, setting(4, 4)).get(1).go();
            assertEquals(4, client.next(DATA).payload().length);
            client.number(WINDOW, 1, 3).go();
            assertEquals(3, client.next(DATA).payload().length);
            client.number(WINDOW, 1, 100).go();
            var last = client.next(DATA);
            assertEquals(3, last.payload().length);
            assertTrue(last.ends());
        }
    }

    @Test
    void sharesTheConnectionsWindowAmongItsStreams() throws IOException {
        var sidecar = before(Origin.saying("x".repeat(200_000)));
        try (var client = RawHttp2.to(Fleet.at(sidecar))) {
            client.frame(SETTINGS, 0, 0, setting(4, 1_000_000))
                    .get(1)
                    .get(3)
                    .get(5)
                    .go();
            var received = new HashMap<Integer, Integer>();
            var ended = 0;
            var left = 65_535;
            while (ended < 3) {
                var frame = client.next(DATA);
                received.merge(frame.stream(), frame.payload().length, Integer::sum);
                left -= frame.payload().length;
                assertTrue(left >= 0, "more than the connection's window");
                if (frame.ends()) ended++;
                if (left > 0) continue;
                client.number(WINDOW, 0, 50_000).go();
                left = 50_000;
            }
            assertEquals(Map.of(1, 200_000, 3, 200_000, 5, 200_000), received);
        }
    }

    @Test
    void stopsAnOriginWhoseCallerTakesNothing() throws Exception {
        var sent = new AtomicLong();
        var whole = 64L * 1024 * 1024;
        var sidecar = before(Origin.start((request, connection) -> {
            if (request.target().equals("/")) return connection.ok("hello");
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + whole + "\r\n\r\n");
            var chunk = new byte[64 * 1024];
            while (sent.addAndGet(chunk.length) <= whole) connection.send(chunk);
            return true;
        }));
        try (var client = RawHttp2.to(Fleet.at(sidecar))) {
            client.headers(1, WHOLE, ":method", "GET", ":scheme", "http", ":path", "/big", ":authority", "a");
            client.number(WINDOW, 0, 1_000_000).go();
            // Others pass meanwhile, on the same connection.
            for (int i = 1; i <= 100; i++) {
                assertEquals(
                        "hello", client.get(2 * i + 1).go().answer(2 * i + 1).body());
            }
            assertTrue(sent.get() < whole / 2, "sent to one who takes nothing: " + sent.get());
            client.number(RST, 1, 8).go();
            assertEquals("hello", client.get(999).go().answer(999).body());
        }
    }

    @Test
    void stopsACallerWhoseOriginTakesNothing() throws Exception {
        var finish = new CountDownLatch(1);
        var sidecar = before(Origin.start((request, connection) -> {
            if (request.method().equals("GET")) return connection.ok("hello");
            try {
                return finish.await(20, TimeUnit.SECONDS) && connection.drain() > 0;
            } catch (InterruptedException _) {
                return false;
            }
        }));
        try (var client = RawHttp2.to(Fleet.at(sidecar))) {
            client.post(1).go();
            long window = 64 * 1024;
            long sent = 0;
            var idle = 0;
            while (idle < 50) { // until fifty questions were answered, and no byte was given back meanwhile
                while (window >= 16_384) {
                    client.frame(DATA, 0, 1, new byte[16_384]);
                    window -= 16_384;
                    sent += 16_384;
                    idle = 0;
                }
                client.frame(PING, 0, 0, new byte[8]).go();
                for (var frame = client.next().orElseThrow();
                        frame.type() != PING;
                        frame = client.next().orElseThrow()) {
                    if (frame.type() == WINDOW && frame.stream() == 1) window += frame.code();
                }
                idle++;
                assertTrue(sent < 64 * 1024 * 1024, "a caller was let send " + sent);
            }
            assertEquals("hello", client.get(3).go().answer(3).body());
            finish.countDown();
        }
    }

    @Test
    void saysGoAwayAndFinishesWhatIsOpenWhenItDrains() throws Exception {
        var asked = new CountDownLatch(1);
        var finish = new CountDownLatch(1);
        var sidecar = before(Origin.start((_, connection) -> {
            asked.countDown();
            try {
                return finish.await(20, TimeUnit.SECONDS) && connection.ok("done");
            } catch (InterruptedException _) {
                return false;
            }
        }));
        try (var client = RawHttp2.to(Fleet.at(sidecar))) {
            client.get(1).go();
            assertTrue(asked.await(20, TimeUnit.SECONDS));
            var drained = sidecar.drain();
            var first = client.next(GOAWAY);
            assertEquals(
                    Integer.MAX_VALUE, java.nio.ByteBuffer.wrap(first.payload()).getInt());
            var ping = client.next(PING);
            client.frame(PING, 1, 0, ping.payload()).go();
            assertEquals(
                    1, java.nio.ByteBuffer.wrap(client.next(GOAWAY).payload()).getInt());
            assertEquals("RST REFUSED_STREAM", client.get(3).go().fate(3));
            finish.countDown();
            assertEquals(HEADERS, client.next(HEADERS).type());
            assertEquals("done", new String(client.next(DATA).payload()));
            drained.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void answersGrpcCallersWithTrailersOnly() throws IOException {
        var sidecar = fleet.alone(SidecarSettings.DEFAULT, Fleet.door(Fleet.routed()), Fleet.table());
        try (var client = RawHttp2.to(Fleet.at(sidecar))) {
            client.post(1, "content-type", "application/grpc").go();
            var head = client.next(HEADERS);
            assertTrue(head.ends());
            var fields = client.fields(head);
            assertEquals("200", fields.get(":status"));
            assertEquals("12", fields.get("grpc-status"));
            assertTrue(String.valueOf(fields.get("grpc-message")).startsWith("TUL1601"));
            assertEquals(RST, client.next(RST).type()); // NO_ERROR: the rest of the request is not wanted
        }
    }

    @Test
    void givesHeadsLongerThanAFrameInParts() throws IOException {
        var long1 = "x".repeat(20_000);
        var sidecar = before(Origin.start((_, connection) -> {
            connection.send("HTTP/1.1 200 OK\r\nx-long: " + long1 + "\r\nContent-Length: 0\r\n\r\n");
            return true;
        }));
        try (var client = RawHttp2.to(Fleet.at(sidecar))) {
            client.get(1).go();
            var head = client.next(HEADERS);
            assertEquals(END_STREAM, head.flags() & (END_STREAM | END_HEADERS));
            var rest = client.next(RawHttp2.CONTINUATION);
            assertEquals(END_HEADERS, rest.flags());
            assertTrue(head.payload().length + rest.payload().length > 20_000);
        }
    }
}
