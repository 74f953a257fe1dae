package io.tulle.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.launch.health.Probe;
import io.tulle.launch.health.Question;
import io.tulle.launch.ports.Listening;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a person is told of ports that the application does not listen on. */
class OpenPortsTest {
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();

    @Test
    void whereTheHookHasMovedAListenerIsNoPortOfTheApplication() throws Exception {
        try (var moved = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var ports = new OpenPorts("raw", List.of(7100, 7101), _ -> {}, told::add, AT_ONCE)) {
            ports.nowAt(Map.of(7100, new InetSocketAddress("127.0.0.1", moved.getLocalPort())));
            var seen = new Listening(List.of(socket(moved)));
            ports.expect(OpenPortsTest::ownGroup, () -> seen);
            assertEquals("raw exposes 7101, and its application does not listen there", said());
        }
    }

    @Test
    void anotherPortOfTheApplicationIsNamed() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var ports = new OpenPorts("raw", List.of(7101), _ -> {}, told::add, AT_ONCE)) {
            var seen = new Listening(List.of(socket(other)));
            ports.expect(OpenPortsTest::ownGroup, () -> seen);
            assertEquals(
                    "raw exposes 7101, and its application does not listen there; it listens on "
                            + other.getLocalPort(),
                    said());
        }
    }

    @Test
    void aPortThatIsOpenIsNotNamedWhateverItsHealthCheckSays() throws Exception {
        try (var ports = new OpenPorts("raw", List.of(7100, 7101), _ -> {}, told::add, AT_ONCE)) {
            ports.check(new Question.Ask(Question.USUAL, Unanswered::new), Clock.systemUTC());
            ports.nowOpen(List.of(7100));
            ports.expect(OpenPortsTest::ownGroup, () -> new Listening(List.of()));
            assertEquals("raw exposes 7101, and its application does not listen there", said());
        }
    }

    private record Unanswered(CompletableFuture<Answer> answer) implements Probe {
        Unanswered() {
            this(new CompletableFuture<>());
        }

        @Override
        public void abandon() {
            // nothing runs
        }
    }

    /** Until its group is looked at, it may not be known yet: the line that counts is the one that is said. */
    private String said() throws InterruptedException {
        var line = Optional.ofNullable(told.poll(20, TimeUnit.SECONDS)).orElse("nothing");
        return line.lines().findFirst().orElse("").replaceFirst("^TUL2048 ", "");
    }

    private static Listening.Socket socket(ServerSocket server) {
        return Listening.now().sockets().stream()
                .filter(socket -> socket.port() == server.getLocalPort())
                .findFirst()
                .orElseThrow();
    }

    private static Optional<Long> ownGroup() {
        try {
            var stat = Files.readString(Path.of("/proc/self/stat"));
            return Optional.of(
                    Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[2]));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
