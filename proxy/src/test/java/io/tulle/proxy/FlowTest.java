package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawSocket;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How bodies flow through two sidecars with mutual TLS: as they come, and no faster than the slower side takes them. */
@ExtendWith(NoLeaks.class)
class FlowTest {
    /** Far more than all socket and proxy buffers between the two ends hold. */
    private static final int HUGE = 200 * 1024 * 1024;

    private static final int PIECE = 64 * 1024;

    /** Together far more than all socket buffers hold. */
    private static final long ASKED = 4_000;

    private static final int ANSWER = 8_000;
    private final Fleet fleet = new Fleet(2);
    private final AtomicLong sent = new AtomicLong();
    private final Semaphore stalled = new Semaphore(0);
    private Origin application;

    @BeforeEach
    void begin() {
        sent.set(0);
    }

    @AfterEach
    void end() throws IOException {
        fleet.close();
        application.close();
    }

    @Test
    void stopsAnEndpointWhoseCallerDoesNotRead() throws Exception {
        application = Origin.start((_, connection) -> {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + HUGE + "\r\n\r\n");
            var piece = new byte[PIECE];
            for (int i = 0; i < HUGE / PIECE; i++) {
                connection.send(piece);
                sent.addAndGet(PIECE);
            }
            return false;
        });
        var pair = new Pair(fleet, application.port());
        try (var client = pair.call()) {
            client.send("GET / HTTP/1.1\r\nHost: cart\r\n\r\n");
            client.until("\r\n\r\n");
            var held = whenStill();
            assertTrue(held < HUGE / 2, "taken from the endpoint unread: " + held);
            assertEquals(HUGE, client.skip(HUGE));
        }
    }

    @Test
    void stopsACallerWhoseEndpointDoesNotRead() throws Exception {
        var read = new CountDownLatch(1);
        application = Origin.start((_, connection) -> {
            await(read);
            var got = 0L;
            while (got < HUGE) got += connection.bytes(PIECE).length;
            return connection.ok("" + got);
        });
        var pair = new Pair(fleet, application.port());
        try (var client = pair.call()) {
            // No content-length that the origin would wait for before its script: the head says chunked.
            client.send(
                    "POST / HTTP/1.1\r\nHost: cart\r\nExpect: 100-continue\r\nContent-Length: " + HUGE + "\r\n\r\n");
            var writer = Thread.ofVirtual().start(() -> writeAll(client));
            var held = whenStill();
            assertTrue(held < HUGE / 2, "taken from the caller unread: " + held);
            read.countDown();
            assertEquals("" + HUGE, client.response().body());
            writer.join();
        }
    }

    /** Small answers are whole as soon as they have come, so nothing but the door holds the next request back. */
    @Test
    void stopsACallerThatAsksOnAndReadsNoAnswers() throws Exception {
        var answer = "x".repeat(ANSWER);
        application = Origin.start((_, connection) -> {
            sent.addAndGet(ANSWER);
            return connection.ok(answer);
        });
        var pair = new Pair(fleet, application.port());
        try (var client = pair.call()) {
            var asking = Thread.ofVirtual().start(() -> askAll(client));
            var held = whenStill();
            assertTrue(held < ASKED * ANSWER / 2, "answered unread: " + held);
            for (int i = 0; i < ASKED; i++)
                assertEquals(ANSWER, client.response().body().length());
            asking.join();
            assertEquals(ASKED * ANSWER, sent.get(), "each was asked once");
        }
    }

    private static void askAll(RawSocket client) {
        try {
            for (int i = 0; i < ASKED; i++) client.send("GET / HTTP/1.1\r\nHost: cart\r\n\r\n");
        } catch (IOException gone) {
            throw new AssertionError(gone);
        }
    }

    private void writeAll(RawSocket client) {
        try {
            var piece = new byte[PIECE];
            for (int i = 0; i < HUGE / PIECE; i++) {
                client.send(piece);
                sent.addAndGet(PIECE);
            }
        } catch (IOException gone) {
            throw new AssertionError(gone);
        }
    }

    /** How much was sent when nothing more is taken: unchanged over several looks, each a fifth of a second apart. */
    private long whenStill() throws InterruptedException {
        var last = -1L;
        var same = 0;
        while (same < 3) {
            var now = sent.get();
            same = now == last && now > 0 ? same + 1 : 0;
            last = now;
            stalled.tryAcquire(200, TimeUnit.MILLISECONDS);
        }
        return last;
    }

    @Test
    void passesEventsOnAsTheyCome() throws Exception {
        var turn = new Exchanger<String>();
        application = Origin.start((_, connection) -> {
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 5; i++) {
                var event = "data: " + i + "\n\n";
                connection.send(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
                await(turn);
            }
            connection.send("0\r\n\r\n");
            return true;
        });
        var pair = new Pair(fleet, application.port());
        try (var client = pair.call()) {
            client.send("GET / HTTP/1.1\r\nHost: cart\r\n\r\n");
            for (int i = 0; i < 5; i++) {
                client.until("data: " + i + "\n\n"); // the next one is sent only when this one has arrived
                turn.exchange("seen", 20, TimeUnit.SECONDS);
            }
            client.until("0\r\n\r\n");
        }
    }

    @Test
    void passesPiecesOfARequestOnAsTheyCome() throws Exception {
        var turn = new Exchanger<String>();
        application = Origin.start((_, connection) -> {
            for (int i = 0; i < 5; i++) {
                assertEquals("2", new String(connection.bytes(1), java.nio.charset.StandardCharsets.US_ASCII));
                connection.bytes(6);
                await(turn);
            }
            connection.bytes(5);
            return connection.ok("all");
        });
        var pair = new Pair(fleet, application.port());
        try (var client = pair.call()) {
            client.send("POST / HTTP/1.1\r\nHost: cart\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 5; i++) {
                client.send("2\r\nab\r\n");
                turn.exchange("seen", 20, TimeUnit.SECONDS);
            }
            assertEquals("all", client.send("0\r\n\r\n").response().body());
        }
    }

    private static void await(Exchanger<String> turn) throws IOException {
        try {
            turn.exchange("sent", 20, TimeUnit.SECONDS);
        } catch (InterruptedException | java.util.concurrent.TimeoutException stopped) {
            throw new IOException(stopped);
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
