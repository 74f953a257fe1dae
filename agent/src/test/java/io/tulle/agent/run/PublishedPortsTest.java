package io.tulle.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A port that somebody else holds is found out before anything is started, and with it who holds it. */
final class PublishedPortsTest {
    @Test
    void aTakenPortIsRefusedNamingThePortAndItsHolder() throws Exception {
        try (var holder = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var port = holder.getLocalPort();
            var problem = PublishedPorts.taken(Map.of(3000, new RunSettings.Door("127.0.0.1", port)))
                    .orElseThrow();
            assertEquals("TUL1724", problem.code());
            assertTrue(problem.message().contains("127.0.0.1:" + port), problem.message());
            assertTrue(
                    problem.message().contains("pid " + ProcessHandle.current().pid()), problem.message());
        }
    }

    @Test
    void aHolderOfAllAddressesIsFoundToo() throws Exception {
        try (var holder = new ServerSocket(0)) {
            var door = new RunSettings.Door("127.0.0.1", holder.getLocalPort());
            assertTrue(PublishedPorts.taken(Map.of(3000, door)).isPresent());
        }
    }

    @Test
    void aFreePortIsLeftFree() throws Exception {
        int port;
        try (var once = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = once.getLocalPort();
        }
        var door = new RunSettings.Door("127.0.0.1", port);
        assertEquals(Optional.empty(), PublishedPorts.taken(Map.of(3000, door)));
        assertEquals(Optional.empty(), PublishedPorts.taken(Map.of(3000, door)), "and again: nothing holds it");
    }

    @Test
    void anAddressThatIsNoneOfThisHostIsRefused() {
        var elsewhere = new RunSettings.Door("192.0.2.1", 3000);
        assertEquals(
                "TUL1724",
                PublishedPorts.taken(Map.of(3000, elsewhere)).orElseThrow().code());
        var name = new RunSettings.Door("localhost", 3000);
        assertEquals(
                "TUL1724",
                PublishedPorts.taken(Map.of(3000, name)).orElseThrow().code());
    }
}
