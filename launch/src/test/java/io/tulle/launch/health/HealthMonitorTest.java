package io.tulle.launch.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.tulle.dialects.compose.ComposeService.HealthCheck;
import io.tulle.launch.capture.Capture;
import io.tulle.launch.health.HealthMonitor.Health;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HealthMonitorTest {
    private static final HealthCheck CHECK = new HealthCheck(
            new HealthCheck.Test.Shell("x"),
            Duration.ofSeconds(10),
            Duration.ofSeconds(3),
            3,
            Duration.ofSeconds(30),
            Duration.ofSeconds(1));

    private final HandTimer timer = new HandTimer();
    private final Deque<Boolean> answers = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private final List<Health> changes = new ArrayList<>();

    @Test
    void itIsAskedAtOnceAndOftenWhileItStarts() {
        answers.addAll(List.of(false, false, true));
        start();
        timer.pass(Duration.ofSeconds(2));
        assertEquals(List.of("0", "1", "2"), asked);
        assertEquals(List.of(new Health.Well()), changes);
        timer.pass(Duration.ofSeconds(10));
        assertEquals(List.of("0", "1", "2", "12"), asked);
    }

    @Test
    void failuresWithinTheStartPeriodAreNotCounted() {
        answers.addAll(java.util.Collections.nCopies(100, false));
        start();
        timer.pass(Duration.ofSeconds(49));
        assertEquals(List.of(), changes);
        timer.pass(Duration.ofSeconds(1));
        assertEquals(List.of(new Health.Unwell("no")), changes);
    }

    @Test
    void onlyFailuresInARowMakeItUnwellAndOneSuccessMakesItWell() {
        answers.addAll(List.of(true, false, false, true, false, false, false, true));
        start();
        timer.pass(Duration.ofSeconds(59));
        assertEquals(List.of(new Health.Well()), changes);
        timer.pass(Duration.ofSeconds(11));
        assertEquals(List.of(new Health.Well(), new Health.Unwell("no"), new Health.Well()), changes);
    }

    @Test
    void whatDoesNotAnswerInTimeIsAbandonedAndCountsAsAFailure() {
        var abandoned = new ArrayList<String>();
        HealthMonitor.start(
                new HealthCheck(CHECK.test(), CHECK.interval(), CHECK.timeout(), 1, Duration.ZERO, CHECK.interval()),
                () -> new Asked(new CompletableFuture<>(), abandoned),
                timer,
                timer,
                changes::add);
        timer.pass(Duration.ofSeconds(3));
        assertEquals(List.of("abandoned"), abandoned);
        assertEquals(List.of(new Health.Unwell("no answer within 3000 ms")), changes);
    }

    @Test
    void onceStoppedItAsksAndSaysNothing() {
        answers.add(true);
        var abandoned = new ArrayList<String>();
        var answer = new CompletableFuture<Probe.Answer>();
        var monitor = HealthMonitor.start(CHECK, () -> new Asked(answer, abandoned), timer, timer, changes::add);
        timer.pass(Duration.ofSeconds(1));
        monitor.stop();
        answer.complete(new Probe.Answer(true, ""));
        timer.pass(Duration.ofMinutes(5));
        assertEquals(List.of("abandoned"), abandoned);
        assertEquals(List.of(), changes);
    }

    @Test
    void aCommandIsWellWhenItExitsWithZeroAndItsLastWordsAreKept() throws Exception {
        assertEquals(new Probe.Answer(true, "fine"), ask("echo fine"));
        assertEquals(new Probe.Answer(false, "x 7"), ask("echo x $X; exit 1"));
        assertEquals(4_096, ask("head -c 300000 /dev/zero | tr '\\0' y").said().length());
        assertTrue(!answer(List.of("/no/such/program")).isWell());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    node dist/healthcheck.js    | HOOK | true
                    npx check                   | HOOK | true
                    curl -f http://other/       | HOOK | false
                    curl -f http://other/       | ENV  | true
                    curl -f http://localhost/   | HOOK | true
                    bash -c node                | HOOK | true
                    """)
    void underTheHookACheckMustBeNode(String line, Capture capture, boolean runs) {
        for (var test :
                List.of(new HealthCheck.Test.Exec(List.of(line.split(" "))), new HealthCheck.Test.Shell(line))) {
            var command = HealthCommand.of("cart-1", test, Optional.empty(), capture);
            if (runs) assertInstanceOf(HealthCommand.Run.class, command);
            else
                assertEquals(
                        "TUL2020",
                        assertInstanceOf(HealthCommand.Refused.class, command)
                                .problem()
                                .code());
        }
    }

    @Test
    void aLabelWithAPathIsTheWayOutUnderTheHook() {
        var url = Optional.of(URI.create("http://127.0.0.1:3000/health"));
        var test = new HealthCheck.Test.Shell("curl localhost");
        var run = assertInstanceOf(HealthCommand.Run.class, HealthCommand.of("cart-1", test, url, Capture.HOOK));
        assertEquals("node", run.words().getFirst());
        assertInstanceOf(HealthCommand.Fetch.class, HealthCommand.of("cart-1", test, url, Capture.ENV));
        assertInstanceOf(HealthCommand.Run.class, HealthCommand.of("cart-1", test, url, Capture.NETNS));
        assertInstanceOf(
                HealthCommand.Nothing.class,
                HealthCommand.of("cart-1", new HealthCheck.Test.None(), Optional.empty(), Capture.HOOK));
    }

    @Test
    void aPathIsAskedForByACommandInANetworkOfTheApplicationsOwn() throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        try {
            server.createContext("/health", exchange -> {
                exchange.sendResponseHeaders(
                        "q=1".equals(exchange.getRequestURI().getQuery()) ? 204 : 503, -1);
                exchange.close();
            });
            server.start();
            var at = "http://127.0.0.1:" + server.getAddress().getPort();

            assertTrue(fetched(at + "/health?q=1").isWell());
            assertEquals(new Probe.Answer(false, "status 503"), fetched(at + "/health"));
        } finally {
            server.stop(0);
        }
    }

    private static Probe.Answer fetched(String url) throws Exception {
        var command =
                HealthCommand.of("cart-1", new HealthCheck.Test.None(), Optional.of(URI.create(url)), Capture.NETNS);
        return answer(assertInstanceOf(HealthCommand.Run.class, command).words());
    }

    private void start() {
        HealthMonitor.start(CHECK, this::next, timer, timer, changes::add);
    }

    private Probe next() {
        asked.add(Long.toString(timer.instant().getEpochSecond()));
        var well = answers.isEmpty() || answers.removeFirst();
        return new Asked(CompletableFuture.completedFuture(new Probe.Answer(well, "no")), new ArrayList<>());
    }

    private record Asked(CompletableFuture<Answer> answer, List<String> abandoned) implements Probe {
        @Override
        public void abandon() {
            abandoned.add("abandoned");
        }
    }

    private static Probe.Answer ask(String line) throws Exception {
        return answer(List.of("/bin/sh", "-c", line));
    }

    private static Probe.Answer answer(List<String> words) throws Exception {
        return CommandProbe.ask(new CommandProbe.Command(words, Path.of("."), Map.of("X", "7")))
                .answer()
                .get(20, TimeUnit.SECONDS);
    }
}
