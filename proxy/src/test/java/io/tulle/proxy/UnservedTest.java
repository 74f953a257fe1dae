package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.Origin;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Callers that keep their connection to what is taken out of the mesh: they are led to connect again. */
@ExtendWith(NoLeaks.class)
class UnservedTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: cart\r\n\r\n";

    private final Fleet fleet = new Fleet(2);

    @AfterEach
    void end() {
        fleet.close();
    }

    @Test
    void aKeptConnectionThatIsIdleIsClosed() throws Exception {
        var pair = new Pair(fleet, fleet.keep(Origin.saying("fine")).port());
        try (var client = pair.call()) {
            assertEquals(200, client.send(GET).response().status());
            Fleet.apply(pair.web, pair.trust());
            assertEquals("", client.rest());
        }
    }

    @Test
    void theAnswerUnderWayIsTheLastOne() throws Exception {
        var asked = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var application = fleet.keep(Origin.start((_, connection) -> {
            asked.countDown();
            try {
                goOn.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            return connection.ok("fine");
        }));
        var pair = new Pair(fleet, application.port());
        try (var client = pair.call()) {
            client.send(GET);
            asked.await();
            Fleet.apply(pair.web, pair.trust());
            goOn.countDown();
            var answer = client.response();
            assertEquals(200, answer.status());
            assertEquals(Optional.of("close"), answer.header("connection"));
            assertEquals("", client.rest());
        }
    }
}
