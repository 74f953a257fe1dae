package io.tulle.proxy;

import static io.tulle.testkit.RawHttp2.HEADERS;
import static io.tulle.testkit.RawHttp2.RST;
import static io.tulle.testkit.RawHttp2.SETTINGS;
import static io.tulle.testkit.RawHttp2.setting;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.Http2Error;
import io.tulle.proxy.SidecarSettings.Bounds;
import io.tulle.proxy.message.Reason;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawHttp2;
import io.tulle.testkit.RawSocket;
import io.tulle.xds.spec.RouteSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a sidecar holds for callers that do not read is bounded in sum, and so are its connections. */
@ExtendWith(NoLeaks.class)
class OverloadTest {
    private static final int ANSWER = 60_000;
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final Fleet fleet = new Fleet();

    @AfterEach
    void end() {
        fleet.close();
    }

    private Sidecar proxy(Bounds bounds) throws IOException {
        var origin = fleet.keep(Origin.start((_, connection) -> connection.ok("x".repeat(ANSWER))));
        return fleet.alone(
                SidecarSettings.DEFAULT.with(bounds),
                Fleet.door(Fleet.routed()),
                Fleet.cluster("c", origin),
                Fleet.table(RouteSpec.toCluster("all", "c")));
    }

    /** A caller that reads no byte of its answers. */
    private static RawHttp2 greedy(Sidecar proxy, int streams) throws IOException {
        var client = RawHttp2.to(Fleet.at(proxy));
        client.frame(SETTINGS, 0, 0, setting(4, 0));
        for (int i = 0; i < streams; i++) client.get(1 + 2 * i);
        return client.go();
    }

    @Test
    void theLargestStreamsEndWhenAllHoldTooMuch() throws Exception {
        var proxy = proxy(new Bounds(100, 10 * ANSWER));
        try (var client = greedy(proxy, 80)) {
            assertEquals(Http2Error.ENHANCE_YOUR_CALM.code(), client.next(RST).code());
        }
        // Where the answers are gone with their reader there is room for others.
        for (var report = fleet.nextReport(); ; report = fleet.nextReport()) {
            if (report.outcome().reason().equals(Optional.of(Reason.OVERLOADED))) break;
        }
    }

    @Test
    void nothingNewIsBegunWhileItHoldsAlmostAllThatItMay() throws Exception {
        var proxy = proxy(new Bounds(100, ANSWER * 5 / 4));
        try (var client = greedy(proxy, 1)) {
            client.next(HEADERS);
            fleet.nextReport(); // the answer is whole, and waits
            try (var other = RawSocket.to(Fleet.at(proxy))) {
                var refused = other.send(GET).response();
                assertEquals(503, refused.status());
                assertEquals("OM", refused.header("x-tulle-flag").orElse(""));
                assertTrue(refused.body().startsWith("TUL1650"), refused.body());
                client.number(RST, 1, 8)
                        .frame(RawHttp2.PING, 0, 0, new byte[8])
                        .go()
                        .next(RawHttp2.PING);
                assertEquals(200, other.send(GET).response().status());
            }
        }
    }

    @Test
    void whoReadsNothingDoesNotKeepOthersOut() throws Exception {
        var proxy = proxy(new Bounds(100, ANSWER * 5 / 4));
        try (var client = greedy(proxy, 1)) {
            client.next(HEADERS);
            fleet.nextReport(); // the answer is whole, and waits for good
            try (var other = RawSocket.to(Fleet.at(proxy))) {
                assertEquals(503, other.send(GET).response().status());
                while (other.send(GET).response().status() != 200) Thread.onSpinWait();
                assertEquals(
                        Http2Error.ENHANCE_YOUR_CALM.code(), client.next(RST).code());
            }
        }
    }

    @Test
    void aListenerHasOnlySoManyConnectionsOpen() throws Exception {
        var proxy = proxy(new Bounds(3, 10 * ANSWER));
        var open = new ArrayList<RawSocket>();
        for (int i = 0; i < 3; i++) {
            open.add(RawSocket.to(Fleet.at(proxy)));
            assertEquals(200, open.getLast().send(GET).response().status());
        }
        try (var fourth = RawSocket.to(Fleet.at(proxy))) {
            assertEquals("", fourth.rest());
        }
        assertTrue(fleet.nextRefusal().startsWith("TUL1652"));
        open.removeFirst().close();
        while (true) { // until the sidecar has heard of it
            try (var next = RawSocket.to(Fleet.at(proxy))) {
                if (next.send(GET).until("\n").startsWith("HTTP/1.1 200")) break;
            } catch (IOException closed) {
                // not yet
            }
        }
        for (var one : open) one.close();
    }
}
