package io.tulle.proxy;

import static io.tulle.testkit.RawHttp2.CONTINUATION;
import static io.tulle.testkit.RawHttp2.DATA;
import static io.tulle.testkit.RawHttp2.END_HEADERS;
import static io.tulle.testkit.RawHttp2.END_STREAM;
import static io.tulle.testkit.RawHttp2.GOAWAY;
import static io.tulle.testkit.RawHttp2.HEADERS;
import static io.tulle.testkit.RawHttp2.PING;
import static io.tulle.testkit.RawHttp2.PRIORITY;
import static io.tulle.testkit.RawHttp2.PUSH;
import static io.tulle.testkit.RawHttp2.RST;
import static io.tulle.testkit.RawHttp2.SETTINGS;
import static io.tulle.testkit.RawHttp2.WHOLE;
import static io.tulle.testkit.RawHttp2.WINDOW;
import static io.tulle.testkit.RawHttp2.setting;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawHttp2;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What breaks RFC 9113, or only costs: each by raw frames, with the source that names it, and a good request after it. */
@ExtendWith(NoLeaks.class)
class HostileHttp2Test {
    private static final String[] GET = {":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a"};

    private final Fleet fleet = new Fleet();
    private Origin origin;
    private Sidecar sidecar;

    /** Sends something bad; what it concerns is stream 1 unless said. */
    @FunctionalInterface
    interface Attack {
        void on(RawHttp2 client) throws IOException;
    }

    @BeforeEach
    void begin() throws IOException {
        origin = Origin.start((request, connection) -> {
            if (request.method().equals("GET")) return connection.ok("hello");
            connection.drain(); // no answer of the application comes between
            return false;
        });
        sidecar = fleet.alone(origin);
    }

    @AfterEach
    void end() throws IOException {
        fleet.close();
        origin.close();
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource({"states", "heads", "framing", "windows", "floods"})
    void refuses(String source, Attack attack, String fate) throws IOException {
        try (var client = RawHttp2.to(Fleet.at(sidecar))) {
            attack.on(client);
            assertEquals(fate, client.go().fate(1));
            if (!fate.startsWith("GOAWAY"))
                assertEquals(200, client.get(1_001).go().answer(1_001).status());
        }
        try (var next = RawHttp2.to(Fleet.at(sidecar))) {
            assertEquals("hello", next.get(1).go().answer(1).body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\6\0\0\0\0\0"})
    void refusesAPrefaceThatIsNone(String bytes) throws IOException {
        try (var client = RawHttp2.silent(Fleet.at(sidecar))) {
            assertEquals(
                    "GOAWAY PROTOCOL_ERROR",
                    client.bytes(bytes.getBytes(ISO_8859_1)).go().fate(1));
        }
    }

    private static Arguments attack(String source, String fate, Attack attack) {
        return arguments(source, attack, fate);
    }

    private static void answered(RawHttp2 client, int stream) throws IOException {
        client.get(stream).go().answer(stream);
    }

    static Stream<Arguments> states() {
        return Stream.of(
                attack("5.1 idle: DATA (h2spec, Netty's gap)", "GOAWAY PROTOCOL_ERROR", c -> c.frame(DATA, 0, 1)),
                attack("5.1 idle: RST_STREAM", "GOAWAY PROTOCOL_ERROR", c -> c.number(RST, 1, 8)),
                attack("5.1 idle: WINDOW_UPDATE", "GOAWAY PROTOCOL_ERROR", c -> c.number(WINDOW, 1, 8)),
                attack(
                        "5.1 half-closed: DATA (Netty's gap)",
                        "RST STREAM_CLOSED",
                        c -> c.post(1).headers(1, WHOLE).frame(DATA, 0, 1, new byte[1])),
                attack("5.1 closed: DATA (Netty's gap)", "GOAWAY STREAM_CLOSED", c -> {
                    answered(c, 1);
                    c.frame(DATA, 0, 1, new byte[1]);
                }),
                attack("5.1 closed: HEADERS (Netty's gap)", "GOAWAY STREAM_CLOSED", c -> {
                    answered(c, 1);
                    c.get(1);
                }),
                attack(
                        "5.1 closed by the own reset: DATA (Netty's gap)",
                        "RST STREAM_CLOSED",
                        c -> c.post(1).number(RST, 1, 8).frame(DATA, 0, 1, new byte[1])),
                attack(
                        "5.1 closed by the own reset: HEADERS",
                        "RST STREAM_CLOSED",
                        c -> c.post(1).number(RST, 1, 8).get(1)),
                attack("5.1.1 even stream (Netty's gap)", "GOAWAY PROTOCOL_ERROR", c -> c.get(2)),
                attack("5.1.1 smaller stream (Netty's gap)", "GOAWAY PROTOCOL_ERROR", c -> {
                    answered(c, 5);
                    c.get(3);
                }),
                attack(
                        "8.1 trailers without END_STREAM (Envoy CVE-2026-73513)",
                        "RST PROTOCOL_ERROR",
                        c -> c.post(1).headers(1, END_HEADERS, "x", "y")),
                attack(
                        "8.1 pseudo-header in trailers",
                        "RST PROTOCOL_ERROR",
                        c -> c.post(1).headers(1, WHOLE, ":method", "GET")));
    }

    private static Arguments head(String source, String fate, String... pairs) {
        return attack(source, fate, client -> client.headers(1, WHOLE, pairs));
    }

    private static String[] and(String... more) {
        return Stream.concat(Stream.of(GET), Stream.of(more)).toArray(String[]::new);
    }

    private static final String MALFORMED = "400 RST PROTOCOL_ERROR";

    static Stream<Arguments> heads() {
        return Stream.of(
                head("8.2.1 upper-case name", MALFORMED, and("X-Y", "z")),
                head("8.2.1 NUL in a value (Envoy CVE-2019-9900)", MALFORMED, and("x", "a\0b")),
                head("8.2.1 CR LF in a value (request splitting)", MALFORMED, and("x", "a\r\nhost: b")),
                head("8.2.1 space around a value (Envoy CVE-2019-18802)", MALFORMED, and("x", "a ")),
                head("8.2.1 colon in a name", MALFORMED, and("x:y", "a")),
                head("8.2.2 connection (Netty's gap)", MALFORMED, and("connection", "keep-alive")),
                head("8.2.2 transfer-encoding (http2smugl)", MALFORMED, and("transfer-encoding", "chunked")),
                head("8.2.2 te other than trailers (Netty's gap)", MALFORMED, and("te", "trailers, deflate")),
                head("8.2.2 upgrade", MALFORMED, and("upgrade", "websocket")),
                head("8.3 unknown pseudo-header; RFC 8441 :protocol", MALFORMED, and(":protocol", "websocket")),
                head("8.3 response's pseudo-header", MALFORMED, and(":status", "200")),
                head("8.3 pseudo-header behind a field", MALFORMED, "x", "y", ":method", "GET"),
                head("8.3.1 no :method (Netty's gap)", MALFORMED, ":scheme", "http", ":path", "/", ":authority", "a"),
                head("8.3.1 no :scheme (Netty's gap)", MALFORMED, ":method", "GET", ":path", "/", ":authority", "a"),
                head("8.3.1 no :path (Netty's gap)", MALFORMED, ":method", "GET", ":scheme", "http", ":authority", "a"),
                head(
                        "8.3.1 empty :path (Netty's gap)",
                        MALFORMED,
                        ":method",
                        "GET",
                        ":scheme",
                        "http",
                        ":path",
                        "",
                        ":authority",
                        "a"),
                head("8.3.1 :method twice (Netty's gap)", MALFORMED, and(":method", "GET")),
                head("8.3.1 :path twice (Netty's gap)", MALFORMED, and(":path", "/b")),
                head(":authority and another host (Netty CVE-2026-59900)", MALFORMED, and("host", "b")),
                head("host twice", MALFORMED, and("host", "a", "host", "a")),
                head(
                        "a space in :path",
                        MALFORMED,
                        ":method",
                        "GET",
                        ":scheme",
                        "http",
                        ":path",
                        "/ a",
                        ":authority",
                        "a"),
                head("a fragment (Envoy CVE-2021-32779)", MALFORMED, path("/a#b")),
                head("an escape inside an escape", MALFORMED, path("/%%361dmin")),
                head("half an escape", MALFORMED, path("/%6%31dmin")),
                head("an escaped NUL (Istio's normalisation)", MALFORMED, path("/a%00")),
                head("scheme in capitals (Envoy CVE-2023-35944)", MALFORMED, scheme("htTps")),
                head("8.5 CONNECT", "405", ":method", "CONNECT", ":authority", "a:1"),
                head("8.1.1 content-length without DATA (Netty CVE-2021-21409)", MALFORMED, and("content-length", "3")),
                head("two content-lengths", MALFORMED, and("content-length", "3", "content-length", "3")),
                attack(
                        "8.1.1 more DATA than content-length (Netty CVE-2021-21295)",
                        "RST PROTOCOL_ERROR",
                        c -> c.post(1, "content-length", "2").frame(DATA, END_STREAM, 1, new byte[3])),
                attack(
                        "8.1.1 less DATA than content-length (Netty's gap)",
                        "RST PROTOCOL_ERROR",
                        c -> c.post(1, "content-length", "5")
                                .frame(DATA, 0, 1, new byte[2])
                                .frame(DATA, END_STREAM, 1, new byte[2])),
                head(
                        "grpc-timeout of 11,000 years (Envoy CVE-2021-28682)",
                        MALFORMED,
                        and("grpc-timeout", "99999999H")),
                head("grpc-timeout of 9 digits", MALFORMED, and("grpc-timeout", "100000000S")),
                attack("75 KB of fields", "431", c -> {
                    c.headers(1, END_STREAM, and("x", "y".repeat(15_000)));
                    for (int i = 0; i < 4; i++) {
                        c.frame(CONTINUATION, i < 3 ? 0 : END_HEADERS, 1, RawHttp2.block("x", "y".repeat(15_000)));
                    }
                }),
                head("over 100 fields", "431", and(many(101))));
    }

    private static String[] path(String path) {
        return new String[] {":method", "GET", ":scheme", "http", ":path", path, ":authority", "a"};
    }

    private static String[] scheme(String scheme) {
        return new String[] {":method", "GET", ":scheme", scheme, ":path", "/", ":authority", "a"};
    }

    private static String[] many(int count) {
        return IntStream.range(0, count)
                .boxed()
                .flatMap(i -> Stream.of("x" + i, "y"))
                .toArray(String[]::new);
    }

    static Stream<Arguments> framing() {
        return Stream.of(
                attack(
                        "4.2 a frame over SETTINGS_MAX_FRAME_SIZE",
                        "GOAWAY FRAME_SIZE_ERROR",
                        c -> c.post(1).frame(DATA, 0, 1, new byte[16_385])),
                attack("6.1 DATA on the connection", "GOAWAY PROTOCOL_ERROR", c -> c.frame(DATA, 0, 0)),
                attack(
                        "6.1 padding longer than its frame",
                        "GOAWAY PROTOCOL_ERROR",
                        c -> c.post(1).frame(DATA, 8, 1, (byte) 9, (byte) 0)),
                attack(
                        "6.3 PRIORITY of odd size",
                        "RST FRAME_SIZE_ERROR",
                        c -> c.post(1).frame(PRIORITY, 0, 1, new byte[4])),
                attack(
                        "5.3.1 a stream that depends on itself",
                        "GOAWAY PROTOCOL_ERROR",
                        c -> c.frame(
                                PRIORITY, 0, 1, ByteBuffer.allocate(5).putInt(1).array())),
                attack(
                        "6.4 RST_STREAM of odd size",
                        "GOAWAY FRAME_SIZE_ERROR",
                        c -> c.post(1).frame(RST, 0, 1, new byte[3])),
                attack("6.5 SETTINGS on a stream", "GOAWAY PROTOCOL_ERROR", c -> c.frame(SETTINGS, 0, 1)),
                attack(
                        "6.5 SETTINGS of odd size",
                        "GOAWAY FRAME_SIZE_ERROR",
                        c -> c.frame(SETTINGS, 0, 0, new byte[5])),
                attack(
                        "6.5 an ACK that says something",
                        "GOAWAY FRAME_SIZE_ERROR",
                        c -> c.frame(SETTINGS, 1, 0, new byte[6])),
                attack("6.5.2 ENABLE_PUSH 2", "GOAWAY PROTOCOL_ERROR", c -> c.frame(SETTINGS, 0, 0, setting(2, 2))),
                attack(
                        "6.5.2 MAX_FRAME_SIZE too small",
                        "GOAWAY PROTOCOL_ERROR",
                        c -> c.frame(SETTINGS, 0, 0, setting(5, 100))),
                attack("6.6 PUSH_PROMISE of a client", "GOAWAY PROTOCOL_ERROR", c -> c.frame(PUSH, 4, 1, new byte[4])),
                attack("6.7 PING of odd size", "GOAWAY FRAME_SIZE_ERROR", c -> c.frame(PING, 0, 0, new byte[7])),
                attack("6.8 GOAWAY on a stream", "GOAWAY PROTOCOL_ERROR", c -> c.frame(GOAWAY, 0, 1, new byte[8])),
                attack("6.10 CONTINUATION of nothing", "GOAWAY PROTOCOL_ERROR", c -> c.frame(CONTINUATION, 4, 1)),
                attack(
                        "6.10 another frame inside a head",
                        "GOAWAY PROTOCOL_ERROR",
                        c -> c.headers(1, 0, GET).frame(PING, 0, 0, new byte[8])),
                attack(
                        "4.3 HPACK out of step",
                        "GOAWAY COMPRESSION_ERROR",
                        c -> c.frame(HEADERS, WHOLE, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff)));
    }

    static Stream<Arguments> windows() {
        return Stream.of(
                attack(
                        "6.9.1 a stream's window over 2^31-1",
                        "RST FLOW_CONTROL_ERROR",
                        c -> c.post(1).number(WINDOW, 1, Integer.MAX_VALUE)),
                attack(
                        "6.9.1 the connection's window over 2^31-1",
                        "GOAWAY FLOW_CONTROL_ERROR",
                        c -> c.number(WINDOW, 0, Integer.MAX_VALUE)),
                attack(
                        "6.9 a window update of nothing (CVE-2025-8671)",
                        "RST PROTOCOL_ERROR",
                        c -> c.post(1).number(WINDOW, 1, 0)),
                attack("6.9 the same on the connection", "GOAWAY PROTOCOL_ERROR", c -> c.number(WINDOW, 0, 0)),
                attack(
                        "6.5.2 INITIAL_WINDOW_SIZE over 2^31-1",
                        "GOAWAY FLOW_CONTROL_ERROR",
                        c -> c.frame(SETTINGS, 0, 0, setting(4, -1))),
                attack(
                        "6.9.2 a setting that makes a window overflow",
                        "GOAWAY FLOW_CONTROL_ERROR",
                        c -> c.post(1)
                                .number(WINDOW, 1, 1_000_000)
                                .frame(SETTINGS, 0, 0, setting(4, Integer.MAX_VALUE))));
    }

    private static Arguments flood(String source, int times, Attack each) {
        return attack(source, "GOAWAY ENHANCE_YOUR_CALM", client -> {
            for (int i = 0; i < times; i++) each.on(client);
        });
    }

    static Stream<Arguments> floods() {
        var eight = new byte[8];
        var priority = ByteBuffer.allocate(5).putInt(3).array();
        return Stream.of(
                attack("rapid reset (CVE-2023-44487)", "GOAWAY ENHANCE_YOUR_CALM", client -> {
                    for (int i = 0; i < 300; i++) client.get(2 * i + 3).number(RST, 2 * i + 3, 8);
                }),
                attack("MadeYouReset (CVE-2025-8671)", "GOAWAY ENHANCE_YOUR_CALM", client -> {
                    for (int i = 0; i < 300; i++) client.post(2 * i + 3).number(WINDOW, 2 * i + 3, 0);
                }),
                flood("PING flood (CVE-2019-9512)", 2_000, c -> c.frame(PING, 0, 0, eight)),
                flood("SETTINGS flood (CVE-2019-9515)", 2_000, c -> c.frame(SETTINGS, 0, 0)),
                flood("PRIORITY flood (CVE-2019-9513)", 2_000, c -> c.frame(PRIORITY, 0, 1, priority)),
                flood("unknown frames", 2_000, c -> c.frame(99, 0, 0)),
                attack("empty DATA (CVE-2019-9518)", "GOAWAY ENHANCE_YOUR_CALM", client -> {
                    client.post(1);
                    for (int i = 0; i < 2_000; i++) client.frame(DATA, 0, 1);
                }),
                attack("endless CONTINUATION (CVE-2024-27919)", "GOAWAY ENHANCE_YOUR_CALM", client -> {
                    client.headers(1, 0, GET);
                    for (int i = 0; i < 100; i++)
                        client.frame(CONTINUATION, 0, 1, RawHttp2.block("x", "y".repeat(9_000)));
                }),
                attack("empty CONTINUATION (Netty CVE-2026-33871)", "GOAWAY ENHANCE_YOUR_CALM", client -> {
                    client.headers(1, 0, GET);
                    for (int i = 0; i < 100; i++) client.frame(CONTINUATION, 0, 1);
                }));
    }
}
