package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.proxy.pool.ApplicationPorts;
import io.tulle.testkit.NestOrigin;
import io.tulle.testkit.NestSocket;
import io.tulle.testkit.NoLeaks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Large Nest messages both ways at once, through two sidecars, between ends that read nothing while they write. */
@ExtendWith(NoLeaks.class)
class NestFlowTest {
    private final Fleet fleet = new Fleet(2);

    @AfterEach
    void end() {
        fleet.close();
    }

    @ParameterizedTest(name = "{0} calls of {1} characters each way")
    @CsvSource({"8, 200000", "18, 200000", "40, 200000"})
    void noDirectionWaitsForTheOther(int calls, int size) throws Exception {
        var text = "\"" + "x".repeat(size) + "\"";
        var application = fleet.keep(NestOrigin.start(
                (message, connection) -> connection.send(NestOrigin.reply(text, NestSocket.id(message)))));
        var pair = new Pair(fleet, application.port(), Protocol.NEST_TCP, ApplicationPorts.asDeclared());
        try (var client = pair.callNest()) {
            var writer = Thread.ofVirtual().start(() -> writeAll(client, calls, text));
            assertTrue(writer.join(Duration.ofSeconds(20)), "stalled"); // nothing is read yet
            var answered = new HashSet<String>();
            for (int i = 0; i < calls; i++) {
                var reply = client.next();
                assertTrue(reply.contains(text));
                answered.add(NestSocket.id(reply));
            }
            assertEquals(calls, answered.size());
        }
    }

    private static void writeAll(NestSocket client, int calls, String text) {
        try {
            for (int i = 0; i < calls; i++)
                client.send("{\"pattern\":\"echo\",\"data\":" + text + ",\"id\":\"" + i + "\"}");
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    @Test
    void aClientThatReadsLateGetsAllItsAnswers() throws Exception {
        var text = "\"" + "x".repeat(200_000) + "\"";
        var application = fleet.keep(NestOrigin.start(
                (message, connection) -> connection.send(NestOrigin.reply(text, NestSocket.id(message)))));
        var pair = new Pair(fleet, application.port(), Protocol.NEST_TCP, ApplicationPorts.asDeclared());
        var calls = 400; // 80 MB of answers: more than may wait anywhere
        try (var client = pair.callNest()) {
            for (int i = 0; i < calls; i++) client.send("{\"pattern\":\"echo\",\"data\":1,\"id\":\"" + i + "\"}");
            for (int i = 0; i < calls; i++) assertTrue(client.next().contains(text));
        }
        assertEquals(calls, application.messages().size());
    }
}
