package io.tulle.proxy;

import static io.tulle.testkit.RawHttp2.DATA;
import static io.tulle.testkit.RawHttp2.GOAWAY;
import static io.tulle.testkit.RawHttp2.HEADERS;
import static io.tulle.testkit.RawHttp2.PING;
import static io.tulle.testkit.RawHttp2.SETTINGS;
import static io.tulle.testkit.RawHttp2.WHOLE;
import static io.tulle.testkit.RawHttp2.WINDOW;
import static io.tulle.testkit.RawHttp2.setting;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.handler.codec.http2.Http2Error;
import io.tulle.model.match.RequestMatch;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawHttp2;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.RouteSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Frames that cost the peer a few bytes cost the sidecar little too, whatever they set in motion. */
@ExtendWith(NoLeaks.class)
class Http2CostTest {
    private static final int INITIAL_WINDOW = 4;
    private static final int HEADER_TABLE = 1;
    private static final int STREAMS = 100;

    private final Fleet fleet = new Fleet();
    private final CountDownLatch over = new CountDownLatch(1);
    private Origin origin;
    private Sidecar sidecar;

    @BeforeEach
    void begin() throws IOException {
        origin = Origin.start((request, connection) -> {
            if (request.method().equals("GET")) return connection.ok("x".repeat(100_000));
            try {
                over.await(); // reads nothing of the body
            } catch (InterruptedException stopped) {
                throw new IOException(stopped);
            }
            return false;
        });
        sidecar = fleet.alone(origin);
    }

    @AfterEach
    void end() throws IOException {
        over.countDown();
        fleet.close();
        origin.close();
    }

    /** A client for each of whose streams an answer waits, since none of them has a window. */
    private RawHttp2 parked(int connectionWindow) throws IOException {
        var client = RawHttp2.to(Fleet.at(sidecar));
        client.frame(SETTINGS, 0, 0, setting(INITIAL_WINDOW, 0)).number(WINDOW, 0, connectionWindow);
        for (int i = 0; i < STREAMS; i++) client.get(1 + 2 * i);
        client.go();
        for (int i = 0; i < STREAMS; i++) client.next(HEADERS);
        return client;
    }

    private static String[] get(String path) {
        return new String[] {":method", "GET", ":scheme", "http", ":path", path, ":authority", "a"};
    }

    private void othersAreServed() throws IOException {
        try (var other = RawHttp2.to(Fleet.at(sidecar))) {
            assertEquals(
                    200,
                    other.frame(SETTINGS, 0, 0, setting(INITIAL_WINDOW, 1_000_000))
                            .number(WINDOW, 0, 1_000_000)
                            .get(1)
                            .go()
                            .answer(1)
                            .status());
        }
    }

    /** How many frames of DATA come before the end. */
    private static int countedToTheEnd(RawHttp2 client, String end) throws IOException {
        var count = 0;
        while (true) {
            var frame = client.next().orElseThrow(() -> new IOException("closed without a word"));
            if (frame.type() == DATA) count++;
            if (frame.type() != GOAWAY) continue;
            assertEquals(end, String.valueOf(Http2Error.valueOf(frame.code())));
            return count;
        }
    }

    @Test
    void windowsThatGrowByOneByteAtATimeAreAFlood() throws Exception {
        try (var client = parked(100_000_000)) {
            for (int i = 1; i <= 6_000; i++) client.frame(SETTINGS, 0, 0, setting(INITIAL_WINDOW, i));
            client.go();
            assertTrue(countedToTheEnd(client, "ENHANCE_YOUR_CALM") <= 50 * STREAMS);
        }
        othersAreServed();
    }

    @Test
    void oneSettingsFrameMovesEachStreamOnceWhateverItRepeats() throws Exception {
        try (var client = parked(100_000_000)) {
            var all = new ByteArrayOutputStream();
            for (int i = 1; i <= 2_700; i++) all.writeBytes(setting(INITIAL_WINDOW, i));
            client.frame(SETTINGS, 0, 0, all.toByteArray()).go();
            var count = 0;
            for (int i = 0; i < 2; i++) {
                client.frame(PING, 0, 0, new byte[8]).go();
                for (var frame = client.next().orElseThrow();
                        frame.type() != PING;
                        frame = client.next().orElseThrow()) {
                    if (frame.type() == DATA) count++;
                }
            }
            assertTrue(count <= 3 * STREAMS, count + " frames"); // a chunk of the origin may end inside a window
        }
        othersAreServed();
    }

    @Test
    void theConnectionsWindowInCrumbsIsAFlood() throws Exception {
        try (var client = parked(1)) {
            client.frame(SETTINGS, 0, 0, setting(INITIAL_WINDOW, 1_000_000)).go();
            for (long left = 65_536; left > 0; ) left -= client.next(DATA).payload().length;
            for (int i = 0; i < 20_000; i++) client.number(WINDOW, 0, 1);
            client.go();
            countedToTheEnd(client, "ENHANCE_YOUR_CALM");
        }
        othersAreServed();
    }

    @Test
    void changesOfTheHeaderTableThatNoHeadSawAreNotRepeated() throws Exception {
        try (var client = RawHttp2.to(Fleet.at(sidecar))) {
            var all = new ByteArrayOutputStream();
            for (int i = 1; i <= 2_700; i++) all.writeBytes(setting(HEADER_TABLE, i % 2 == 0 ? 100 : 4_000));
            client.frame(SETTINGS, 0, 0, all.toByteArray()).get(1).go();
            var head = client.next(HEADERS);
            assertTrue(head.payload().length < 400, head.payload().length + " bytes");
            assertEquals("200", client.fields(head).get(":status"));
        }
    }

    @Test
    void whoReadsNoAnswersIsSentAwayBeforeTheyFillTheMemory() throws Exception {
        var elsewhere =
                new ActionSpec.Redirect(301, Optional.empty(), Optional.of("b"), OptionalInt.empty(), Optional.empty());
        var route = new RouteSpec("all", List.of(RequestMatch.ANY), elsewhere);
        Fleet.apply(sidecar, Fleet.door(Fleet.routed()), Fleet.table(route)); // the answer is as large as the request
        try (var client = RawHttp2.narrow(Fleet.at(sidecar))) {
            for (int i = 0; i < 6_000; i++)
                client.headers(1 + 2 * i, WHOLE, get("/" + "x".repeat(i < 3_000 ? 8_000 : 1)));
            client.go();
            countedToTheEnd(client, "ENHANCE_YOUR_CALM");
        }
    }

    @Test
    void crumbsOfARequestThatNobodyReadsLieInOneBuffer() throws Exception {
        var before = directMemory();
        try (var client = RawHttp2.to(Fleet.at(sidecar))) {
            for (int stream = 1; stream <= 5; stream += 2) {
                client.post(stream);
                for (int i = 0; i < 40_000; i++) client.frame(DATA, 0, stream, (byte) 1);
                client.go();
            }
            client.frame(PING, 0, 0, new byte[8]).go().next(PING);
            var taken = directMemory() - before;
            assertTrue(taken < 2_000_000, taken + " bytes");
        }
    }

    private static long directMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
