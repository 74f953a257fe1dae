package io.tulle.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.proxy.plan.Addresses;
import io.tulle.proxy.pool.ApplicationPorts;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.TcpOrigin;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
        var pair = new Pair(fleet, fleet.nobodyListens());
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

    /** It closes what the kernel took for it, as a process does that stops listening. */
    @Test
    void whatAHookedApplicationNeverTookGoesToAnotherInstance() throws Exception {
        var origin = fleet.keep(Origin.saying("2 items"));
        try (var leaving = TcpOrigin.start(socket -> {
            socket.setSoLinger(true, 0);
            socket.close();
        })) {
            var moved = new ApplicationPorts.Place(Addresses.loopback(leaving.port()), Optional.of(Pair.SECRET));
            var pair = new Pair(fleet, 4000, Protocol.HTTP, _ -> Optional.of(moved));
            pair.another(fleet, origin.port());

            for (var i = 0; i < 10; i++) {
                try (var client = pair.call()) {
                    var answer = client.send(POST).response();
                    assertEquals(200, answer.status(), answer.body());
                }
            }
        }
        assertEquals(10, origin.requests().size(), "each exactly once");
    }

    @Test
    void whereNobodyElseIsThereTheCallerHearsWhy() throws Exception {
        var pair = new Pair(fleet, fleet.nobodyListens());
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

    @Test
    void opaqueBytesThatReachedNoApplicationGoToAnotherInstance() throws Exception {
        var heard = new LinkedBlockingQueue<String>();
        try (var application = TcpOrigin.start(socket -> {
            socket.getOutputStream().write("220 ready ".getBytes(US_ASCII));
            heard.add(new String(socket.getInputStream().readAllBytes(), US_ASCII));
            socket.getOutputStream().write("221 bye".getBytes(US_ASCII));
        })) {
            var pair = new Pair(fleet, fleet.nobodyListens(), Protocol.TCP, ApplicationPorts.asDeclared());
            pair.another(fleet, application.port());

            for (var i = 0; i < 20; i++) {
                try (var client = pair.call()) {
                    client.send("hello " + i).shutdownOutput();
                    assertEquals("220 ready 221 bye", client.rest());
                    assertEquals("hello " + i, heard.poll(10, TimeUnit.SECONDS));
                }
            }
        }
        assertTrue(heard.isEmpty(), "each exactly once");
    }

    @Test
    void opaqueBytesThatNobodyTakesEndTheCallersConnection() throws Exception {
        var pair = new Pair(fleet, fleet.nobodyListens(), Protocol.TCP, ApplicationPorts.asDeclared());
        try (var client = pair.call()) {
            assertEquals("", client.send("hello").rest());
        }
        for (var side = 0; side < 2; side++) {
            assertTrue(fleet.nextTcpReport().outcome().reason().isPresent(), "both logs say why");
        }
    }

    @Test
    void aPeerWhoseMeshPortRefusesIsNamedOnceForTheControlPlane() throws Exception {
        var origin = fleet.keep(Origin.saying("2 items"));
        var pair = new Pair(fleet, origin.port());
        try (var client = pair.call()) {
            assertEquals(200, client.send(GET).response().status());
        }
        assertEquals(List.of(), pair.web.refusing());
        var meshPort = pair.inbound().getPort();
        pair.cart.close();
        fleet.nobodyListensAt(meshPort);

        try (var client = pair.call()) {
            assertEquals(503, client.send(GET).response().status());
        }

        assertEquals(List.of("cart-1"), pair.web.refusing());
        assertEquals(List.of(), pair.web.refusing(), "it was told");
    }
}
