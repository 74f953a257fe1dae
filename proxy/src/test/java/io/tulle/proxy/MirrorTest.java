package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.MirrorPolicy;
import io.tulle.model.policy.Percentage;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.policy.Towards;
import io.tulle.proxy.report.ExchangeListener;
import io.tulle.testkit.NestOrigin;
import io.tulle.testkit.NestSocket;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.OriginRequest;
import io.tulle.testkit.RawSocket;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.WireSpec;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Copies of requests and messages through a real sidecar: mirrors hear them, callers hear nothing of mirrors. */
@ExtendWith(NoLeaks.class)
final class MirrorTest {
    private static final String GET = "GET /list?a=1 HTTP/1.1\r\nHost: cart:4000\r\n\r\n";

    private final Fleet fleet = new Fleet();
    private final CopiesHeard copies = new CopiesHeard();

    @AfterEach
    void end() {
        fleet.close();
    }

    private static RouteSpec route(String... mirrors) {
        var all = List.of(mirrors).stream()
                .map(name -> new MirrorPolicy.Mirror(new Towards.Cluster(name), Percentage.ALL, true))
                .toList();
        return new RouteSpec(
                "all",
                List.of(RequestMatch.ANY),
                ActionSpec.Forward.to("c"),
                RoutePolicy.set(Optional.of(new MirrorPolicy(all))));
    }

    private Sidecar proxy(Origin origin, int... mirrors) {
        fleet.watchNext(copies);
        return fleet.alone(
                SidecarSettings.DEFAULT,
                Fleet.door(Fleet.routed()),
                Fleet.cluster("c", origin),
                Fleet.cluster("m", ConnectionLimits.DEFAULT, Protocol.HTTP, mirrors),
                Fleet.table(route("m")));
    }

    private static OriginRequest next(BlockingQueue<OriginRequest> heard) throws InterruptedException {
        return Optional.ofNullable(heard.poll(20, TimeUnit.SECONDS)).orElseThrow();
    }

    private ExchangeListener.Copied nextCopy() throws InterruptedException {
        return copies.next();
    }

    private Origin mirror(BlockingQueue<OriginRequest> heard) throws Exception {
        return fleet.keep(Origin.start((request, connection) -> {
            heard.add(request);
            return connection.ok("of the mirror");
        }));
    }

    @Test
    void theMirrorHearsTheRequestAndTheCallerOnlyTheRealAnswer() throws Exception {
        var origin = fleet.keep(Origin.saying("real"));
        var heard = new LinkedBlockingQueue<OriginRequest>();
        var proxy = proxy(origin, mirror(heard).port());
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            for (int i = 0; i < 3; i++) {
                assertEquals("real", client.send(GET).response().body());
                var copy = next(heard);
                assertEquals("/list?a=1", copy.target());
                assertEquals("cart-shadow:4000", copy.header("host").orElseThrow());
            }
            var post = "POST /buy HTTP/1.1\r\nHost: cart:4000\r\nContent-Length: 5\r\n\r\nhello";
            assertEquals("real", client.send(post).response().body());
            assertEquals("hello", next(heard).body());
        }
        assertEquals("cart:4000", origin.requests().getFirst().header("host").orElseThrow());
        assertEquals(ExchangeListener.Copied.SENT, nextCopy());
    }

    @Test
    void aMirrorThatNeverAnswersDelaysNobody() throws Exception {
        var origin = fleet.keep(Origin.saying("real"));
        var over = new CountDownLatch(1);
        var stuck = fleet.keep(Origin.start((_, _) -> {
            try {
                over.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            return false;
        }));
        var proxy = proxy(origin, stuck.port());
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            for (int i = 0; i < 50; i++)
                assertEquals("real", client.send(GET).response().body());
        }
        over.countDown();
    }

    @Test
    void aMirrorThatIsNotThereFailsNobodyAndIsCounted() throws Exception {
        var origin = fleet.keep(Origin.saying("real"));
        var proxy = proxy(origin, fleet.nobodyListens());
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            assertEquals("real", client.send(GET).response().body());
            assertEquals(ExchangeListener.Copied.FAILED, nextCopy());
            assertEquals("real", client.send(GET).response().body());
        }
    }

    @Test
    void whatAMirrorDoesNotTakeIsDroppedAndTheRealRequestGoesOn() throws Exception {
        var origin = fleet.keep(Origin.start((request, connection) ->
                connection.ok(Integer.toString(request.body().length()))));
        try (var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var proxy = proxy(origin, deaf.getLocalPort());
            var size = 24 * 1024 * 1024;
            try (var client = RawSocket.to(Fleet.at(proxy))) {
                client.send("POST /up HTTP/1.1\r\nHost: cart\r\nContent-Length: " + size + "\r\n\r\n");
                var piece = "x".repeat(64 * 1024);
                for (int sent = 0; sent < size; sent += piece.length()) client.send(piece);
                assertEquals(Integer.toString(size), client.response().body());
            }
            assertEquals(ExchangeListener.Copied.DROPPED, nextCopy());
        }
    }

    @Test
    void copiesOfManyAtOnceAreBounded() throws Exception {
        var origin = fleet.keep(Origin.saying("real"));
        try (var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var proxy = proxy(origin, deaf.getLocalPort());
            try (var client = RawSocket.to(Fleet.at(proxy))) {
                for (int i = 0; i < 600; i++)
                    assertEquals("real", client.send(GET).response().body());
            }
            var seen = nextCopy();
            while (seen != ExchangeListener.Copied.DROPPED) seen = nextCopy();
        }
    }

    private Sidecar nests(NestOrigin origin, int mirror) {
        fleet.watchNext(copies);
        return fleet.alone(
                SidecarSettings.DEFAULT,
                Fleet.door(new WireSpec.NestTcp("routes", List.of())),
                Fleet.cluster("c", ConnectionLimits.DEFAULT, Protocol.NEST_TCP, origin.port()),
                Fleet.cluster("m", ConnectionLimits.DEFAULT, Protocol.NEST_TCP, mirror),
                Fleet.table(route("m")));
    }

    @Test
    void aMirrorHearsMessagesAndEventsAndItsRepliesGoNowhere() throws Exception {
        var origin = fleet.keep(NestOrigin.saying("real"));
        var heard = new LinkedBlockingQueue<String>();
        var mirror = fleet.keep(NestOrigin.start((message, connection) -> {
            heard.add(message);
            var id = NestSocket.id(message);
            if (!id.isEmpty()) connection.send(NestOrigin.reply("\"of the mirror\"", id));
        }));
        var proxy = nests(origin, mirror.port());
        try (var client = NestSocket.to(Fleet.at(proxy))) {
            for (int i = 0; i < 20; i++) {
                client.send("{\"pattern\":{\"cmd\":\"sum\"},\"data\":[1," + i + "],\"id\":\"call-" + i + "\"}");
                assertTrue(client.next().contains("real"));
                var copy = Optional.ofNullable(heard.poll(20, TimeUnit.SECONDS)).orElseThrow();
                assertTrue(copy.contains("[1," + i + "]"), copy);
            }
            client.send("{\"pattern\":\"bought\",\"data\":7}");
            var event = Optional.ofNullable(heard.poll(20, TimeUnit.SECONDS)).orElseThrow();
            assertEquals("{\"pattern\":\"bought\",\"data\":7}", event);
            client.send("{\"pattern\":{\"cmd\":\"sum\"},\"data\":[2],\"id\":\"last\"}");
            var answer = client.next();
            assertTrue(answer.contains("real") && answer.contains("last"), answer);
        }
    }

    @Test
    void aMirrorThatReadsNoMessagesDelaysNobody() throws Exception {
        var origin = fleet.keep(NestOrigin.saying("real"));
        try (var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var proxy = nests(origin, deaf.getLocalPort());
            var data = "\"" + "x".repeat(200_000) + "\"";
            try (var client = NestSocket.to(Fleet.at(proxy))) {
                for (int i = 0; i < 100; i++) {
                    client.send("{\"pattern\":\"p\",\"data\":" + data + ",\"id\":\"" + i + "\"}");
                    assertTrue(client.next().contains("real"));
                }
            }
            var seen = nextCopy();
            while (seen != ExchangeListener.Copied.DROPPED) seen = nextCopy();
        }
    }
}
