package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A sidecar that cannot reach its application says so to the caller's, which tries another instance. */
@ExtendWith(NoLeaks.class)
class UndeliveredTest {
    private static final String GET = "GET /items HTTP/1.1\r\nHost: cart:4000\r\n\r\n";
    private static final String POST = "POST /items HTTP/1.1\r\nHost: cart:4000\r\nContent-Length: 4\r\n\r\nbook";

    private final Fleet fleet = new Fleet();

    @AfterEach
    void end() throws IOException {
        fleet.close();
    }

    @Test
    void whatNeverReachedAnApplicationGoesToAnotherInstance() throws Exception {
        var origin = fleet.keep(Origin.saying("2 items"));
        var pair = new Pair(fleet, nobodyListens());
        pair.another(fleet, origin.port());

        for (var i = 0; i < 10; i++) {
            for (var request : new String[] {GET, POST}) {
                try (var client = pair.call()) {
                    var answer = client.send(request).response();
                    assertEquals(200, answer.status(), answer.body());
                }
            }
        }

        assertEquals(20, origin.requests().size(), "each exactly once");
    }

    @Test
    void whereNobodyElseIsThereTheCallerHearsWhy() throws Exception {
        var pair = new Pair(fleet, nobodyListens());
        try (var client = pair.call()) {
            var answer = client.send(GET).response();
            assertEquals(503, answer.status());
            assertEquals("TUL1605", answer.header("x-tulle-code").orElse(""));
            assertTrue(answer.header("x-tulle-undelivered").isEmpty(), "it is for sidecars alone");
        }
    }

    @Test
    void anApplicationCannotSayIt() throws Exception {
        var origin = fleet.keep(Origin.start((_, connection) -> {
            connection.send("HTTP/1.1 200 OK\r\nx-tulle-undelivered: 1\r\nContent-Length: 2\r\n\r\nok");
            return true;
        }));
        var pair = new Pair(fleet, origin.port());
        pair.another(fleet, origin.port());
        try (var client = pair.call()) {
            var answer = client.send(GET).response();
            assertEquals("ok", answer.body());
            assertTrue(answer.header("x-tulle-undelivered").isEmpty());
        }
        assertEquals(1, origin.requests().size());
    }

    private static int nobodyListens() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
