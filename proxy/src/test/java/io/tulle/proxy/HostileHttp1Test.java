package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.OriginRequest;
import io.tulle.testkit.RawResponse;
import io.tulle.testkit.RawSocket;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that two servers could read in two ways, or that overload one: each is refused with a status and a code, the
 * connection closes, nothing of it reaches the origin, and a good request passes after it.
 */
@ExtendWith(NoLeaks.class)
class HostileHttp1Test {
    private static final String GOOD = "GET /good HTTP/1.1\r\nHost: a\r\n\r\n";

    private static Fleet fleet;
    private static Origin origin;
    private static Sidecar proxy;

    @BeforeAll
    static void begin() throws IOException {
        fleet = new Fleet();
        origin = Origin.start((request, connection) -> {
            if (request.header("transfer-encoding").isPresent()) OriginRequest.chunks(connection);
            return connection.ok("fine");
        });
        proxy = fleet.alone(origin);
    }

    @AfterAll
    static void end() throws IOException {
        fleet.close();
        origin.close();
    }

    /**
     * @param source where the attack, or the rule that it breaks, is written down
     */
    record Attack(String name, String source, int status, String code, String bytes) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Attack attack(String name, String source, int status, String code, String bytes) {
        return new Attack(name, source, status, code, bytes);
    }

    private static String get(String fields) {
        return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n";
    }

    private static String post(String fields, String body) {
        return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n" + body;
    }

    static Stream<Attack> attacks() {
        var chunked = "Transfer-Encoding: chunked";
        return Stream.of(
                attack(
                        "length and chunked",
                        "RFC 9112 6.1; CVE-2019-20445",
                        400,
                        "TUL1625",
                        post("Content-Length: 6\r\n" + chunked, "0\r\n\r\nG")),
                attack(
                        "chunked and length",
                        "RFC 9112 6.1",
                        400,
                        "TUL1625",
                        post(chunked + "\r\nContent-Length: 6", "0\r\n\r\nG")),
                attack(
                        "two lengths",
                        "RFC 9112 6.3",
                        400,
                        "TUL1623",
                        post("Content-Length: 1\r\nContent-Length: 2", "ab")),
                attack(
                        "two equal lengths",
                        "RFC 9112 6.3",
                        400,
                        "TUL1623",
                        post("Content-Length: 1\r\nContent-Length: 1", "a")),
                attack("a list of lengths", "RFC 9112 6.3", 400, "TUL1623", post("Content-Length: 1, 1", "a")),
                attack(
                        "a length with a sign",
                        "llhttp CVE-2018-7159 class",
                        400,
                        "TUL1623",
                        post("Content-Length: +1", "a")),
                attack("a negative length", "RFC 9110 8.6", 400, "TUL1623", post("Content-Length: -1", "a")),
                attack("a hexadecimal length", "RFC 9110 8.6", 400, "TUL1623", post("Content-Length: 0x1", "a")),
                attack("an empty length", "RFC 9110 8.6", 400, "TUL1623", post("Content-Length:", "a")),
                attack(
                        "a length beyond all",
                        "RFC 9110 8.6",
                        400,
                        "TUL1623",
                        post("Content-Length: 99999999999999999999", "a")),
                attack(
                        "a length with a space inside",
                        "RFC 9110 8.6",
                        400,
                        "TUL1623",
                        post("Content-Length: 1 1", "a")),
                attack(
                        "space before the colon",
                        "CVE-2019-16869 (Netty); RFC 9112 5.1",
                        400,
                        "TUL1621",
                        post("Transfer-Encoding : chunked", "0\r\n\r\n")),
                attack(
                        "space before the length's colon",
                        "RFC 9112 5.1",
                        400,
                        "TUL1621",
                        post("Content-Length : 1", "a")),
                attack("no colon", "CVE-2019-20444 (Netty)", 400, "TUL1621", get("Transfer-Encoding chunked")),
                attack("no name", "RFC 9110 5.1", 400, "TUL1621", get(": value")),
                attack(
                        "two codings",
                        "CVE-2026-42585 (Netty)",
                        400,
                        "TUL1624",
                        post("Transfer-Encoding: chunked, xchunked", "0\r\n\r\n")),
                attack(
                        "chunked twice",
                        "RFC 9112 7",
                        400,
                        "TUL1624",
                        post("Transfer-Encoding: chunked, chunked", "0\r\n\r\n")),
                attack(
                        "chunked not last",
                        "RFC 9112 6.1",
                        400,
                        "TUL1624",
                        post("Transfer-Encoding: chunked, identity", "0\r\n\r\n")),
                attack("identity", "RFC 9112 appendix C.2", 400, "TUL1624", post("Transfer-Encoding: identity", "")),
                attack(
                        "two transfer-encodings",
                        "RFC 9112 6.1",
                        400,
                        "TUL1624",
                        post(chunked + "\r\nTransfer-Encoding: x", "0\r\n\r\n")),
                attack(
                        "a vertical tab before chunked",
                        "CVE-2020-7238 (Netty) class",
                        400,
                        "TUL1634",
                        post("Transfer-Encoding: \u000bchunked", "0\r\n\r\n")),
                attack(
                        "chunked in quotes",
                        "http smuggling, Kettle 2019",
                        400,
                        "TUL1624",
                        post("Transfer-Encoding: \"chunked\"", "0\r\n\r\n")),
                attack(
                        "HTTP/1.0 with chunked",
                        "CVE-2026-42581 (Netty)",
                        400,
                        "TUL1624",
                        "POST / HTTP/1.0\r\nHost: a\r\n" + chunked + "\r\n\r\n0\r\n\r\n"),
                attack(
                        "a lone LF after the request line",
                        "RFC 9112 2.2",
                        400,
                        "TUL1633",
                        "GET / HTTP/1.1\nHost: a\r\n\r\n"),
                attack("a lone LF after a header", "RFC 9112 2.2", 400, "TUL1633", "GET / HTTP/1.1\r\nHost: a\n\r\n"),
                attack("a lone CR in a value", "RFC 9112 2.2", 400, "TUL1634", get("X: a\rb")),
                attack("a folded line", "RFC 9112 5.2", 400, "TUL1621", get("X: a\r\n b")),
                attack("a folded first line", "RFC 9112 2.2", 400, "TUL1621", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
                attack("NUL in a value", "CVE-2019-9900 (Envoy)", 400, "TUL1634", get("X: a\u0000b")),
                attack("NUL in a name", "RFC 9110 5.1", 400, "TUL1621", get("X\u0000: b")),
                attack("NUL before the request line", "CVE-2026-50020 (Netty)", 400, "TUL1620", "\u0000" + GOOD),
                attack("SOH before the request line", "CVE-2026-50020 (Netty)", 400, "TUL1620", "\u0001" + GOOD),
                attack("two empty lines first", "RFC 9112 2.2", 400, "TUL1620", "\r\n\r\n" + GOOD),
                attack("a byte over 0x7f in a name", "CVE-2026-73552 (Envoy) class", 400, "TUL1621", get("X\u00e9: b")),
                attack("no host", "RFC 9112 3.2", 400, "TUL1626", "GET / HTTP/1.1\r\n\r\n"),
                attack("an empty host", "RFC 9112 3.2", 400, "TUL1626", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
                attack("two hosts", "RFC 9112 3.2", 400, "TUL1626", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
                attack("a host with a path", "RFC 9110 7.2", 400, "TUL1626", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
                attack("a host with a user", "RFC 9110 4.2.4", 400, "TUL1626", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
                attack(
                        "a target that is not the host",
                        "RFC 9112 3.2.2",
                        400,
                        "TUL1626",
                        "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                attack(
                        "a target with a user",
                        "RFC 9110 4.2.4",
                        400,
                        "TUL1626",
                        "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                attack(
                        "a target of another scheme",
                        "RFC 9112 3.2",
                        400,
                        "TUL1620",
                        "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                attack(
                        "a target without a slash",
                        "RFC 9112 3.2.1",
                        400,
                        "TUL1620",
                        "GET admin HTTP/1.1\r\nHost: a\r\n\r\n"),
                attack("a star without OPTIONS", "RFC 9112 3.2.4", 400, "TUL1620", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
                attack("CONNECT", "RFC 9110 9.3.6", 405, "TUL1629", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"),
                attack("two spaces", "RFC 9112 3", 400, "TUL1620", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
                attack("a tab as separator", "RFC 9112 3", 400, "TUL1620", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                attack("a space in the target", "RFC 9112 3.2", 400, "TUL1620", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
                attack(
                        "a byte over 0x7f in the target",
                        "RFC 3986 2",
                        400,
                        "TUL1620",
                        "GET /\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n"),
                attack("HTTP/0.9", "RFC 9112 appendix C.1", 400, "TUL1620", "GET /\r\n\r\n"),
                attack("HTTP/2.0 as text", "RFC 9113 3.4", 505, "TUL1628", "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
                attack("HTTP/1.2", "RFC 9110 2.5", 505, "TUL1628", "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
                attack("http in lower case", "RFC 9112 2.3", 400, "TUL1620", "GET / http/1.1\r\nHost: a\r\n\r\n"),
                attack("a bad method", "RFC 9110 9.1", 400, "TUL1620", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
                attack(
                        "an escaped NUL in the path",
                        "Istio path cases",
                        400,
                        "TUL1630",
                        "GET /a%00 HTTP/1.1\r\nHost: a\r\n\r\n"),
                attack(
                        "an escape inside an escape",
                        "RFC 3986 2.1",
                        400,
                        "TUL1630",
                        "GET /%%361dmin HTTP/1.1\r\nHost: a\r\n\r\n"),
                attack(
                        "an escape that an escape completes",
                        "RFC 3986 2.1",
                        400,
                        "TUL1630",
                        "GET /x/%2%65%2%65/admin HTTP/1.1\r\nHost: a\r\n\r\n"),
                attack(
                        "too large a head",
                        "CVE-2019-15605 class; RFC 6585 5",
                        431,
                        "TUL1622",
                        get("X: " + "a".repeat(70_000))),
                attack(
                        "too many fields",
                        "Envoy max_headers_count",
                        431,
                        "TUL1622",
                        get("X: a\r\n".repeat(120) + "Y: b")),
                attack("an endless request line", "RFC 9112 3", 431, "TUL1622", "GET /" + "a".repeat(70_000)),
                attack("an unknown expectation", "RFC 9110 10.1.1", 417, "TUL1631", get("Expect: a-miracle")),
                attack("a chunk without a size", "RFC 9112 7.1", 400, "TUL1627", post(chunked, "\r\nabc\r\n0\r\n\r\n")),
                attack(
                        "a chunk size with 0x",
                        "CVE-2019-17559 class",
                        400,
                        "TUL1627",
                        post(chunked, "0x3\r\nabc\r\n0\r\n\r\n")),
                attack(
                        "a negative chunk size",
                        "CVE-2016-2086 class",
                        400,
                        "TUL1627",
                        post(chunked, "-3\r\nabc\r\n0\r\n\r\n")),
                attack(
                        "a chunk size beyond all",
                        "RFC 9112 7.1",
                        400,
                        "TUL1627",
                        post(chunked, "fffffffffffffffff\r\nabc")),
                attack(
                        "a chunk longer than its size",
                        "RFC 9112 7.1",
                        400,
                        "TUL1627",
                        post(chunked, "3\r\nabcd\r\n0\r\n\r\n")),
                attack(
                        "a lone LF after a chunk size",
                        "CVE-2025-58056 (Netty)",
                        400,
                        "TUL1633",
                        post(chunked, "3\nabc\r\n0\r\n\r\n")),
                attack(
                        "a lone CR in a chunk extension",
                        "CVE-2026-33870 (Netty) class",
                        400,
                        "TUL1627",
                        post(chunked, "3;a=\rb\r\nabc\r\n0\r\n\r\n")),
                attack(
                        "an open quote in a chunk extension",
                        "CVE-2026-33870 (Netty)",
                        400,
                        "TUL1627",
                        post(chunked, "3;a=\"b\r\nabc\r\n0\r\n\r\n")),
                attack(
                        "an endless chunk extension",
                        "CVE-2023-39326 (Go)",
                        431,
                        "TUL1622",
                        post(chunked, "3;" + "a".repeat(70_000))),
                attack(
                        "a length as trailer",
                        "RFC 9110 6.5.1",
                        400,
                        "TUL1635",
                        post(chunked, "0\r\nContent-Length: 5\r\n\r\n")),
                attack(
                        "a coding as trailer",
                        "RFC 9110 6.5.1",
                        400,
                        "TUL1635",
                        post(chunked, "0\r\nTransfer-Encoding: chunked\r\n\r\n")));
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void refuses(Attack attack) throws Exception {
        var before = goodOnes();
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            // What stands behind the attack must never be taken for a request.
            var response = client.send(attack.bytes() + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
                    .response();
            assertEquals(attack.status(), response.status(), attack.source());
            assertTrue(response.body().startsWith(attack.code()), response.body());
            assertEquals(attack.code(), response.header("x-tulle-code").orElse(""));
            assertTrue(response.header("x-request-id").isPresent());
            assertEquals("close", response.header("connection").orElse(""));
            assertEquals("", client.rest());
        }
        assertEquals("fine", good().body());
        assertEquals(before + 1, goodOnes());
        assertTrue(origin.requests().stream().noneMatch(seen -> seen.target().equals("/smuggled")), "smuggled");
    }

    private static RawResponse good() throws IOException {
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            return client.send(GOOD).response();
        }
    }

    private static long goodOnes() {
        return origin.requests().stream()
                .filter(seen -> seen.target().equals("/good"))
                .count();
    }

    @Test
    void everyByteOnItsOwnReadsTheSame() throws Exception {
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            for (var b : "\r\nGET /good HTTP/1.1\r\nhOST: A\r\nX:\t a b \t\r\n\r\n".split("")) client.send(b);
            assertEquals(200, client.response().status());
        }
        var seen = origin.requests().getLast();
        assertEquals(List.of("a b"), seen.all("x"));
        assertEquals(List.of("a"), seen.all("host"));
    }

    @Test
    void letsHonestChunkExtensionsPass() throws Exception {
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            client.send(post("Transfer-Encoding: chunked", "3 ;a=\"b;\\\"\";c\r\nabc\r\n0;d\r\n\r\n"));
            assertEquals(200, client.response().status());
        }
    }
}
