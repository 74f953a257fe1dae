package io.tulle.proxy;

import static io.tulle.testkit.RawHttp2.DATA;
import static io.tulle.testkit.RawHttp2.END_HEADERS;
import static io.tulle.testkit.RawHttp2.END_STREAM;
import static io.tulle.testkit.RawHttp2.GOAWAY;
import static io.tulle.testkit.RawHttp2.HEADERS;
import static io.tulle.testkit.RawHttp2.RST;
import static io.tulle.testkit.RawHttp2.WHOLE;
import static io.tulle.testkit.RawHttp2.setting;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tulle.model.Protocol;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.RawHttp2;
import io.tulle.testkit.RawResponse;
import io.tulle.testkit.RawSocket;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.RouteSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Towards endpoints that speak HTTP/2, well or not; the caller speaks HTTP/1.1, so both are translated. */
@ExtendWith(NoLeaks.class)
class Http2UpstreamTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final Fleet fleet = new Fleet();
    private final List<AutoCloseable> origins = new ArrayList<>();

    /** How an endpoint answers the request on this stream. */
    @FunctionalInterface
    interface Reply {
        void to(RawHttp2 caller, int stream) throws IOException;
    }

    @AfterEach
    void end() throws Exception {
        fleet.close();
        for (var origin : origins) origin.close();
    }

    private Sidecar towards(RawOrigin origin) {
        origins.add(origin);
        var endpoint = EndpointSpec.of("origin-0", "127.0.0.1", origin.port());
        var cluster = new ClusterSpec(
                "h2",
                "h2",
                new ClusterSpec.Source.Fixed(List.of(endpoint)),
                Protocol.HTTP2,
                new ClusterSpec.Security.Plaintext(),
                DestinationPolicy.NONE.with(Balancing.ROUND_ROBIN));
        return fleet.alone(
                SidecarSettings.DEFAULT,
                Fleet.door(Fleet.routed()),
                cluster,
                Fleet.table(RouteSpec.toCluster("all", "h2")));
    }

    private Sidecar replying(Reply reply) throws IOException {
        return towards(new RawOrigin((connection, _) -> {
            while (true) {
                var head = connection.next(HEADERS);
                reply.to(connection, head.stream());
                connection.go();
            }
        }));
    }

    private static void ok(RawHttp2 caller, int stream) throws IOException {
        caller.headers(stream, END_HEADERS, ":status", "200")
                .frame(DATA, END_STREAM, stream, "hello".getBytes())
                .go();
    }

    private static RawResponse get(Sidecar sidecar) throws IOException {
        try (var client = RawSocket.to(Fleet.at(sidecar))) {
            return client.send(GET).response();
        }
    }

    @Test
    void carriesARequestWithABodyAndTrailersBothWays() throws Exception {
        var sidecar = towards(new RawOrigin((connection, _) -> {
            var head = connection.next(HEADERS);
            var fields = connection.fields(head);
            var body = new String(connection.next(DATA).payload());
            var trailers = connection.fields(connection.next(HEADERS));
            connection
                    .headers(head.stream(), END_HEADERS, ":status", "200", "x-said", fields + body + trailers)
                    .frame(DATA, 0, head.stream(), "hello".getBytes())
                    .headers(head.stream(), WHOLE, "x-sum", "42")
                    .go();
            connection.next(GOAWAY);
        }));
        try (var client = RawSocket.to(Fleet.at(sidecar))) {
            client.send("POST /p?q=1 HTTP/1.1\r\nHost: A\r\nTE: trailers\r\nConnection: x-private\r\nX-Private: 1\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx-end: yes\r\n\r\n");
            var response = client.response();
            assertEquals(200, response.status());
            assertEquals("hello", response.body());
            assertEquals(List.of("x-sum: 42"), response.trailers());
            var said = response.header("x-said").orElseThrow();
            assertTrue(said.contains(":method=POST, :scheme=http, :authority=a, :path=/p?q=1"), said);
            assertTrue(said.endsWith("}abc{x-end=yes}"), said);
            assertTrue(!said.contains("x-private") && !said.contains("transfer-encoding"), said);
        }
    }

    @Test
    void triesAgainWhatWasRefused() throws Exception {
        var refused = new CountDownLatch(1);
        var sidecar = replying((caller, stream) -> {
            if (refused.getCount() == 1) {
                refused.countDown();
                caller.number(RST, stream, 7);
            } else {
                ok(caller, stream);
            }
        });
        assertEquals("hello", get(sidecar).body());
        assertEquals(0, refused.getCount());
    }

    @Test
    void triesAgainElsewhereWhatAGoAwayLeftOut() throws Exception {
        var origin = new RawOrigin((connection, number) -> {
            var stream = connection.next(HEADERS).stream();
            if (number == 1) connection.frame(GOAWAY, 0, 0, new byte[8]).go();
            else ok(connection, stream);
            connection.next(GOAWAY);
        });
        assertEquals("hello", get(towards(origin)).body());
        assertEquals(2, origin.connections());
    }

    @Test
    void finishesWhatAGoAwayLetIn() throws Exception {
        var origin = new RawOrigin((connection, _) -> {
            var stream = connection.next(HEADERS).stream();
            connection
                    .frame(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(stream).array())
                    .go();
            ok(connection, stream);
            connection.next(GOAWAY);
        });
        var sidecar = towards(origin);
        assertEquals("hello", get(sidecar).body());
        assertEquals("hello", get(sidecar).body());
        assertEquals(2, origin.connections());
    }

    @Test
    void opensNoMoreStreamsThanTheEndpointAllows() throws Exception {
        var open = new CountDownLatch(2);
        var origin = new RawOrigin(
                (connection, number) -> {
                    if (number == 1) ok(connection, connection.next(HEADERS).stream());
                    var stream = connection.next(HEADERS).stream();
                    open.countDown();
                    if (!await(open)) return;
                    ok(connection, stream);
                    connection.next(GOAWAY);
                },
                setting(3, 1));
        var sidecar = towards(origin);
        assertEquals("hello", get(sidecar).body()); // whoever was answered has heard the settings
        try (var one = RawSocket.to(Fleet.at(sidecar));
                var other = RawSocket.to(Fleet.at(sidecar))) {
            one.send(GET);
            other.send(GET);
            assertEquals(200, one.response().status());
            assertEquals(200, other.response().status());
        }
        assertEquals(2, origin.connections());
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            return false;
        }
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                broken("no :status", 502, (c, s) -> c.headers(s, WHOLE, "x", "y")),
                broken(":status of letters", 502, (c, s) -> c.headers(s, WHOLE, ":status", "2xx")),
                broken("101 (section 8.6)", 502, (c, s) -> c.headers(s, END_HEADERS, ":status", "101")),
                broken("a request's pseudo-header", 502, (c, s) -> c.headers(s, WHOLE, ":status", "200", ":path", "/")),
                broken("upper case", 502, (c, s) -> c.headers(s, WHOLE, ":status", "200", "X", "y")),
                broken("connection", 502, (c, s) -> c.headers(s, WHOLE, ":status", "200", "connection", "close")),
                broken("CR LF in a value", 502, (c, s) -> c.headers(s, WHOLE, ":status", "200", "x", "a\r\nb: c")),
                broken("an interim answer that ends", 502, (c, s) -> c.headers(s, WHOLE, ":status", "103")),
                broken(
                        "a length and no DATA",
                        502,
                        (c, s) -> c.headers(s, WHOLE, ":status", "200", "content-length", "5")),
                broken("DATA before the head", 502, (c, s) -> c.frame(DATA, 0, s, new byte[1])),
                broken("a push", 502, (c, s) -> c.frame(RawHttp2.PUSH, 4, s, new byte[4])),
                broken("a stream that nobody opened", 502, (c, s) -> c.headers(s + 2, WHOLE, ":status", "200")),
                broken("ENABLE_PUSH of a server", 502, (c, _) -> c.frame(RawHttp2.SETTINGS, 0, 0, setting(2, 1))),
                broken("RST_STREAM", 503, (c, s) -> c.number(RST, s, 2)),
                broken("HTTP_1_1_REQUIRED", 503, (c, s) -> c.number(RST, s, 13)),
                broken("the end of the connection", 503, (c, _) -> c.close()));
    }

    private static Arguments broken(String name, int status, Reply reply) {
        return arguments(name, status, reply);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void saysWhatAnEndpointBroke(String name, int status, Reply reply) throws IOException {
        var answer = get(replying(reply));
        assertEquals(status, answer.status(), name + ": " + answer);
        assertTrue(answer.body().startsWith("TUL16"), answer.body());
    }
}
