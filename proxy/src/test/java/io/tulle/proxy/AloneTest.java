package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.OriginRequest;
import io.tulle.testkit.RawSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** HTTP/1.1 through one proxy that runs alone, over real sockets. */
@ExtendWith(NoLeaks.class)
class AloneTest {
    private final Fleet fleet = new Fleet();

    @AfterEach
    void end() {
        fleet.close();
    }

    @Test
    void passesARequestAndItsAnswer() throws Exception {
        try (var origin = Origin.saying("hello")) {
            var proxy = fleet.alone(origin);
            try (var client = RawSocket.to(Fleet.at(proxy))) {
                var response = client.send("GET /a/../b?c=d HTTP/1.1\r\nHost: Shop:80\r\nX-One: 1\r\n\r\n")
                        .response();
                assertEquals(200, response.status());
                assertEquals("hello", response.body());
            }
            var seen = origin.requests().getFirst();
            assertEquals("/b?c=d", seen.target());
            assertEquals("shop:80", seen.header("host").orElseThrow());
            assertEquals("1", seen.header("x-one").orElseThrow());
            assertEquals("127.0.0.1", seen.header("x-forwarded-for").orElseThrow());
            assertEquals(36, seen.header("x-request-id").orElseThrow().length());
            assertEquals(200, fleet.nextReport().outcome().status());
        }
    }

    @Test
    void reusesBothConnections() throws Exception {
        try (var origin = Origin.saying("again")) {
            var proxy = fleet.alone(origin);
            try (var client = RawSocket.to(Fleet.at(proxy))) {
                for (int i = 0; i < 100; i++) {
                    assertEquals(
                            "again",
                            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                                    .response()
                                    .body());
                }
            }
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void passesBodiesOfKnownAndUnknownLength() throws Exception {
        Origin.Script echo = (request, connection) -> {
            var body =
                    request.header("transfer-encoding").isPresent() ? OriginRequest.chunks(connection) : request.body();
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<<<\r\n");
            connection.send(Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\nX-Sum: 7\r\n\r\n");
            return true;
        };
        try (var origin = Origin.start(echo)) {
            var proxy = fleet.alone(origin);
            try (var client = RawSocket.to(Fleet.at(proxy))) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nfirst");
                assertEquals("<<<first", client.response().body());
                client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
                client.send("3\r\nsec\r\n3\r\nond\r\n0\r\n\r\n");
                var second = client.response();
                assertEquals("<<<second", second.body());
                assertTrue(second.trailers().contains("x-sum: 7"));
            }
        }
    }
}
