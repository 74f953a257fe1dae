package io.tulle.labs.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.testkit.Nowhere;
import io.tulle.testkit.Origin;
import io.tulle.testkit.OriginConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LoadTest {
    private static Load to(Origin origin) {
        return Load.to(origin.address()).at(500).timeout(Duration.ofSeconds(5));
    }

    @Test
    void everyRequestHasAnOutcomeInOrder() throws IOException {
        try (var origin = Origin.saying("hello")) {
            var report = to(origin).asking(k -> Ask.get("/" + k)).times(100);
            assertEquals(
                    LongStream.range(0, 100).boxed().toList(),
                    report.outcomes().stream().map(Outcome::index).toList());
            assertEquals(Map.of(200, 100L), report.statuses());
            assertTrue(report.outcomes().stream()
                    .allMatch(o -> o.answered() && !o.failed() && o.body().equals("hello")));
            assertEquals(100, origin.requests().size());
        }
    }

    @Test
    void aBackendThatStallsForASecondShowsItInTheTailAndStopsNoRequest() throws IOException {
        var seen = new AtomicInteger();
        var stalled = CompletableFuture.completedFuture("");
        var until = new CompletableFuture<String>();
        try (var origin = Origin.start((_, connection) -> {
            var number = seen.incrementAndGet();
            if (number == 100) until.completeOnTimeout("", 1, TimeUnit.SECONDS);
            (number < 100 ? stalled : until).join();
            return connection.ok("");
        })) {
            var report = to(origin).at(200).times(600);
            assertEquals(0, report.failures().size(), report.summary());
            assertTrue(report.latency().getMaxValue() > 950_000, report.summary());
            assertTrue(report.millisAt(90) > 300, report.summary()); // 200 of 600 were caught, the first for a second
            assertTrue(report.millisAt(50) < 100, report.summary());
            var late = report.outcomes().stream()
                    .filter(o -> o.sentNanos() - o.dueNanos() > 200_000_000L)
                    .count();
            assertEquals(0, late, "requests that waited for earlier ones");
            assertTrue(seen.get() == 600 && origin.connections() > 100, "connections grow while nothing is answered");
        }
    }

    @Test
    void idleConnectionsAreUsedInTurnAndFreshOnesOnce() throws IOException {
        try (var origin = Origin.saying("")) {
            var reused = to(origin).at(100).opening(4).times(40);
            var more = reused.outcomes().stream().filter(Outcome::fresh).count();
            assertEquals(4 + more, origin.connections(), "a connection more only where none was idle");
            assertTrue(reused.outcomes().stream().limit(4).noneMatch(Outcome::fresh));
            var before = origin.connections();
            var fresh = to(origin).connections(Connections.FRESH).times(50);
            assertEquals(before + 50, origin.connections());
            assertTrue(fresh.outcomes().stream().allMatch(Outcome::fresh));
            var mixed = to(origin).connections(Connections.MIXED).opening(30).times(50);
            assertEquals(Map.of(false, 25L, true, 25L), mixed.counted(Outcome::fresh));
        }
    }

    @Test
    void aResetCountsAsAFailureAndTheNextRequestGoesElsewhere() throws IOException {
        var seen = new AtomicInteger();
        try (var origin = Origin.start((_, connection) -> {
            if (seen.incrementAndGet() == 5) {
                connection.reset();
                return false;
            }
            return connection.ok("");
        })) {
            var report = to(origin).times(20);
            assertEquals(Map.of("200", 19L, "reset", 1L), report.kinds());
            assertEquals(20, seen.get(), "nothing was sent twice");
        }
    }

    @Test
    void aBodyThatEndsTooEarlyCountsAsAFailure() throws IOException {
        try (var origin = Origin.start((_, connection) -> {
            connection.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
            return false;
        })) {
            var outcome = to(origin).times(1).outcomes().getFirst();
            assertEquals("200 closed", outcome.kind());
            assertTrue(outcome.failed() && !outcome.answered());
            assertEquals("half", outcome.body());
        }
    }

    @Test
    void anAnnouncedCloseIsNoFailureAndAnUnannouncedOneIs() throws IOException {
        var told = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        try (var announced = Origin.start((_, connection) -> closing(connection, told));
                var silent = Origin.start(
                        (_, connection) -> closing(connection, told.replace("connection: close\r\n", "")))) {
            assertEquals(Map.of("200", 10L), to(announced).at(50).times(10).kinds());
            var report = to(silent).at(50).times(10);
            assertEquals(Map.of("200", 1L, "200 reconnect", 9L), report.kinds());
            assertEquals(9, report.failures().size());
            assertTrue(report.outcomes().stream().allMatch(Outcome::answered));
        }
    }

    private static boolean closing(OriginConnection connection, String answer) throws IOException {
        connection.send(answer);
        return false;
    }

    @Test
    void nobodyListeningIsSaidAsSuch() throws IOException {
        try (var nowhere = Nowhere.take()) {
            var report = Load.to(nowhere.address()).times(3);
            assertEquals(Map.of("connect refused", 3L), report.kinds());
        }
    }

    @Test
    void aRequestWithoutAnAnswerEndsAtItsTimeout() throws IOException {
        var hold = new Semaphore(0);
        try (var origin = Origin.start((request, connection) -> {
            if (request.target().equals("/hang")) hold.acquireUninterruptibly();
            return connection.ok("");
        })) {
            var report = to(origin)
                    .timeout(Duration.ofMillis(300))
                    .asking(k -> Ask.get(k == 3 ? "/hang" : "/"))
                    .times(20);
            assertEquals(Map.of("200", 19L, "timeout", 1L), report.kinds());
            assertTrue(report.latency().getMaxValue() >= 300_000);
            hold.release(20);
        }
    }

    @Test
    void itStopsWhenToldAndWaitsForWhatIsInFlight() throws IOException {
        var release = new CompletableFuture<String>();
        var arrived = new CompletableFuture<String>();
        try (var origin = Origin.start((_, connection) -> {
            arrived.complete("");
            release.join();
            return connection.ok("late");
        })) {
            var running = to(origin).start();
            arrived.join();
            assertTrue(running.inFlight() > 0);
            assertEquals(0, running.soFar().outcomes().size());
            release.completeOnTimeout("", 100, TimeUnit.MILLISECONDS);
            var report = running.stop();
            assertEquals(0, running.inFlight());
            assertEquals(0, report.failures().size(), report.summary());
            assertEquals(origin.requests().size(), report.outcomes().size());
        }
    }

    @Test
    void bodiesGoOutWholeHoweverLargeTheyAre() throws IOException {
        var body = "é".repeat(2_000_000);
        try (var origin = Origin.start((request, connection) ->
                connection.ok(Integer.toString(request.body().length())))) {
            var report =
                    to(origin).asking(Ask.post("/", body).with("x-lab", "load")).times(3);
            assertTrue(report.outcomes().stream().allMatch(o -> o.body().equals("4000000")), report.summary());
            assertEquals("load", origin.requests().getFirst().header("x-lab").orElseThrow());
        }
    }

    @Test
    void theCallersOwnFunctionMayFailForOneRequest() throws IOException {
        try (var origin = Origin.saying("")) {
            var report = to(origin)
                    .asking(k -> {
                        if (k == 2) throw new IllegalStateException("no");
                        return Ask.get("/");
                    })
                    .times(5);
            assertEquals(Map.of("200", 4L, "asking", 1L), report.kinds());
        }
    }
}
