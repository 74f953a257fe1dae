package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import io.tulle.testkit.RawResponse;
import io.tulle.testkit.RawSocket;
import io.tulle.testkit.TcpOrigin;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.WireSpec;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer that comes before the whole request, and a request whose sender has nothing more to say. */
@ExtendWith(NoLeaks.class)
class EarlyAnswerTest {
    private static final int UPLOAD = 8 * 1024 * 1024;
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final Fleet fleet = new Fleet();

    @AfterEach
    void end() {
        fleet.close();
    }

    /** Answers each head at once and reads nothing of the body; then hangs up, or waits until the other end does. */
    private TcpOrigin hasty(int status, boolean closes) throws IOException {
        return fleet.keep(TcpOrigin.start(socket -> {
            head(socket.getInputStream());
            var close = closes ? "Connection: close\r\n" : "";
            var answer = "HTTP/1.1 " + status + " No\r\n" + close + "Content-Length: 2\r\n\r\nno";
            socket.getOutputStream().write(answer.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            if (!closes) socket.getInputStream().skip(Long.MAX_VALUE);
        }));
    }

    private static void head(InputStream in) throws IOException {
        int seen = 0;
        while (seen < 4) {
            var b = in.read();
            if (b < 0) throw new IOException("no head");
            seen = b == (seen % 2 == 0 ? '\r' : '\n') ? seen + 1 : b == '\r' ? 1 : 0;
        }
    }

    private Sidecar alone(int port) {
        return fleet.alone(
                SidecarSettings.DEFAULT,
                Fleet.door(Fleet.routed()),
                Fleet.cluster("c", ConnectionLimits.DEFAULT, Protocol.HTTP, port),
                Fleet.table(RouteSpec.toCluster("all", "c")));
    }

    /** Sends without looking, and looks at what comes at the same time, as applications do. */
    private static RawResponse upload(RawSocket client) throws Exception {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + UPLOAD + "\r\n\r\n");
        var sender = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < UPLOAD / 65536; i++) client.send(new byte[65536]);
            } catch (IOException hungUp) {
                // it may, once its answer has been read
            }
        });
        try (client) {
            return client.response();
        } finally {
            sender.join();
        }
    }

    @ParameterizedTest
    @CsvSource({"302, true", "401, false", "413, true", "413, false"})
    void arrivesWhateverTheEndpointDoesWithTheRest(int status, boolean closes) throws Exception {
        var proxy = alone(hasty(status, closes).port());
        for (int i = 0; i < 30; i++) {
            var answer = upload(RawSocket.to(Fleet.at(proxy)));
            assertEquals(status, answer.status(), "upload " + i);
            assertEquals("close", answer.header("connection").orElse(""));
            assertEquals("no", answer.body());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void arrivesThroughTwoSidecars(boolean closes) throws Exception {
        var pair = new Pair(fleet, hasty(413, closes).port());
        for (int i = 0; i < 30; i++) {
            var answer = upload(pair.call());
            assertEquals(413, answer.status(), "upload " + i);
            assertEquals("close", answer.header("connection").orElse(""));
        }
    }

    @Test
    void arrivesWhenASidecarRefusesTheUpload() throws Exception {
        var pair = new Pair(fleet, hasty(200, true).port());
        var nobody = new Authorization("shop/nobody", Authorization.Action.ALLOW, List.of());
        Fleet.apply(pair.cart, pair.cartSpecs(1, List.of(nobody)));
        for (int i = 0; i < 30; i++) assertEquals(403, upload(pair.call()).status(), "upload " + i);
    }

    @Test
    void arrivesWhenADoorRefusesTheUpload() throws Exception {
        var nobody = new Authorization("shop/nobody", Authorization.Action.ALLOW, List.of());
        var proxy = alone(hasty(200, true).port());
        Fleet.apply(
                proxy,
                Fleet.door(new WireSpec.Http("routes", List.of(nobody))),
                Fleet.cluster("c", ConnectionLimits.DEFAULT, Protocol.HTTP, 1),
                Fleet.table(RouteSpec.toCluster("all", "c")));
        for (int i = 0; i < 30; i++) {
            var answer = upload(RawSocket.to(Fleet.at(proxy)));
            assertEquals(403, answer.status(), "upload " + i);
            assertEquals("close", answer.header("connection").orElse(""));
        }
    }

    @Test
    void aCallerThatHasSaidAllIsAnswered() throws Exception {
        var asked = new CountDownLatch(10);
        var go = new CountDownLatch(1);
        var origin = fleet.keep(Origin.start((_, connection) -> {
            asked.countDown();
            await(go);
            return connection.ok("late");
        }));
        var proxy = fleet.alone(origin);
        for (int i = 0; i < 10; i++) {
            var client = fleet.keep(RawSocket.to(Fleet.at(proxy)));
            client.send(GET);
            client.shutdownOutput();
            if (i < 9) continue;
            assertTrue(asked.await(20, TimeUnit.SECONDS));
            go.countDown();
            var answer = client.response();
            assertEquals("late", answer.body());
            assertEquals("close", answer.header("connection").orElse(""));
            assertEquals("", client.rest());
        }
        for (int i = 0; i < 10; i++)
            assertTrue(fleet.nextReport().outcome().reason().isEmpty());
    }

    @Test
    void allThatWasAskedBeforeTheEndIsAnswered() throws Exception {
        var origin = fleet.keep(Origin.start((request, connection) -> connection.ok(request.target())));
        var proxy = fleet.alone(origin);
        try (var client = RawSocket.to(Fleet.at(proxy))) {
            client.send(GET.replace("/ H", "/a H")
                    + "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"
                    + GET.replace("/ H", "/c H"));
            client.shutdownOutput();
            assertEquals("/a", client.response().body());
            assertEquals("/b", client.response().body());
            assertEquals("/c", client.response().body());
            assertEquals("", client.rest());
        }
    }

    @Test
    void aRequestThatIsCutOffIsNot() throws Exception {
        var proxy = alone(hasty(200, false).port());
        for (var cut : List.of("GET / HTT", GET.replace("\r\n\r\n", "\r\n"))) {
            try (var client = RawSocket.to(Fleet.at(proxy))) {
                client.send(cut);
                client.shutdownOutput();
                assertEquals("", client.rest());
            }
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
