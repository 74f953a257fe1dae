package io.tulle.launch.up;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.launch.health.Timer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UpSessionTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Timing PATIENT = new Timing(Duration.ofMillis(1), Duration.ofMillis(4), LONG, 4, LONG, LONG);

    @TempDir
    private Path folder;

    private final ScheduledExecutorService one = Executors.newSingleThreadScheduledExecutor();
    private volatile Duration later = Duration.ZERO;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private Scripts scripts = new Scripts(Path.of(""));

    @BeforeEach
    void open() {
        scripts = new Scripts(folder);
    }

    @AfterEach
    void close() {
        one.shutdownNow();
    }

    @Test
    void startsWhatOthersNeedFirstAndStopsItLast() throws Exception {
        var gate = "if [ -e gate ]; then echo well >>log; else touch gate; echo unwell >>log; exit 1; fi";
        var session = start("""
                {db: {command: serve, healthcheck: {test: 'test "$$MARK" = 1 && { %s; }', interval: 10ms, retries: 9}},
                 api: {command: serve, scale: 2, depends_on: {db: {condition: service_healthy}}},
                 web: {command: serve, depends_on: [api]}}""".formatted(gate));
        assertTrue(await(session.up()));
        var started = scripts.log();
        assertEquals(List.of("start db-1", "unwell", "well"), started.subList(0, 3));
        assertTrue(started.containsAll(List.of("start api-1", "start api-2", "start web-1")));

        session.interrupt();

        assertEquals(new Ending.Stopped(), await(session.ended()));
        var log = scripts.log().stream().filter(line -> line.startsWith("stop")).toList();
        assertEquals(List.of("stop web-1", "stop db-1"), List.of(log.getFirst(), log.getLast()));
        assertEquals(4, log.size());
        assertFalse(Files.exists(folder.resolve("up/up.json")));
    }

    @Test
    void whatFailsIsStartedAgainInARunDirectoryOfItsOwn() throws Exception {
        var session = start("{a: {command: third, restart: on-failure}}");
        assertTrue(await(session.up()));
        assertEquals(
                List.of("in a-1", "in a-1.1", "in a-1.2"),
                scripts.log().stream().filter(line -> line.startsWith("in")).toList());
        stop(session);
    }

    @Test
    void whatDoesNotStartStopsTheOthersAndShowsItsLastLines() throws Exception {
        var session = start("{a: {command: serve}, b: {command: fail, depends_on: {a: {condition: service_healthy}}}}");
        assertFalse(await(session.up()));
        var failed = assertInstanceOf(Ending.Failed.class, await(session.ended()));
        assertEquals("TUL2001", failed.problem().code());
        assertTrue(
                failed.problem().message().contains("b-1 ended with code 3"),
                failed.problem().message());
        assertEquals(20, failed.lastLines().size());
        assertEquals("line 25", failed.lastLines().getLast());
        assertEquals(List.of("start a-1", "start b-1", "stop a-1"), scripts.log());
        assertTrue(out.toString(UTF_8).contains("b-1 | line 1\n"), out.toString(UTF_8));
    }

    @Test
    void aCrashLoopAtTheStartIsAFailureInTheEnd() throws Exception {
        var session = start("{a: {command: fail, restart: always}}");
        var failed = assertInstanceOf(Ending.Failed.class, await(session.ended()));
        assertTrue(
                failed.problem().message().contains("started 4 times"),
                failed.problem().message());
        assertEquals(4, scripts.log().size());
    }

    @Test
    void restartsAreCounted() throws Exception {
        await(start("{a: {command: fail, restart: 'on-failure:1'}}").ended());
        assertEquals(2, scripts.log().size());
    }

    @Test
    void whatMustHaveSucceededHasEndedBeforeOthersStart() throws Exception {
        var session = start("{m: {command: succeed}, a: {command: serve, depends_on:"
                + " {m: {condition: service_completed_successfully}}}}");
        assertTrue(await(session.up()));
        assertEquals(List.of("start m-1", "end m-1", "start a-1"), scripts.log());
        stop(session);
    }

    @Test
    void whoWaitsForTheHealthOfWhatHasEndedWaitsInVain() throws Exception {
        var session = start(
                "{m: {command: succeed}, a: {command: serve, depends_on:" + " {m: {condition: service_healthy}}}}");
        assertEquals(
                "TUL2005",
                assertInstanceOf(Ending.Failed.class, await(session.ended()))
                        .problem()
                        .code());
    }

    @Test
    void whenAllHaveEndedTheSessionHas() throws Exception {
        assertEquals(
                new Ending.Finished(0),
                await(start("{a: {command: succeed}, b: {command: succeed}}").ended()));
    }

    @Test
    void whatIsNotReadyInTimeIsAFailure() throws Exception {
        var hasty = PATIENT.withReadyWithin(Duration.ofMillis(50));
        var session = start("{a: {command: mute}}", hasty);
        assertEquals(
                "TUL2006",
                assertInstanceOf(Ending.Failed.class, await(session.ended()))
                        .problem()
                        .code());
    }

    @Test
    void aPortThatNeverOpensIsToldAndTheOthersGoOn() throws Exception {
        var hasty = PATIENT.withReadyWithin(Duration.ofSeconds(2)); // a shell starts within that
        var session = start("""
                {a: {command: deaf, expose: [3000, "4000/tcp"], healthcheck: {test: 'test "$$MARK" = 1', interval: 10ms}},
                 b: {command: serve, depends_on: {a: {condition: service_healthy}}}}""", hasty);
        assertTrue(await(session.up()));
        assertEquals(List.of("start a-1", "start b-1"), scripts.log());
        var said = out.toString(UTF_8);
        assertTrue(said.contains("TUL2254 a-1 does not listen on all of its ports 3000, 4000"), said);
        stop(session);
    }

    @Test
    void whatIsNotHealthyIsAFailureThatSaysWhatTheCheckSaid() throws Exception {
        var session =
                start("{a: {command: serve, healthcheck: {test: 'echo no store; false', interval: 1ms, retries: 2}}}");
        var failed = assertInstanceOf(Ending.Failed.class, await(session.ended()));
        assertEquals("TUL2002", failed.problem().code());
        assertTrue(failed.problem().message().contains("no store"));
    }

    @Test
    void underTheHookACheckThatIsNotNodeIsToldOfAndTheInstanceCountsAsWell() throws Exception {
        var session = start("""
                {a: {command: serve, environment: {CAPTURE: hook}, healthcheck: {test: pg_isready}},
                 b: {command: serve, depends_on: {a: {condition: service_healthy}}}}""");
        assertTrue(await(session.up()));
        assertEquals(List.of("start a-1", "start b-1"), scripts.log());
        var said = out.toString(UTF_8);
        assertTrue(said.contains("TUL2020 the healthcheck of a-1 runs 'pg_isready', which is not Node"), said);
        stop(session);
    }

    @Test
    void theSecondInterruptKills() throws Exception {
        var session = start("{a: {command: stubborn}}");
        assertTrue(await(session.up()));
        session.interrupt();
        later = Duration.ofSeconds(1);
        session.interrupt();
        assertEquals(new Ending.Stopped(), await(session.ended()));
    }

    @Test
    void aSignalThatComesTwiceAtOnceLeavesEachItsGrace() throws Exception {
        // `timeout -s INT` and npm send it to the process and to its group.
        var session = start("{a: {command: slow}}");
        assertTrue(await(session.up()));
        session.interrupt();
        session.interrupt();
        await(session.ended());
        assertTrue(scripts.log().contains("finished a-1"), () -> out.toString(UTF_8));
    }

    @Test
    void aTermThatIsSaidAgainLeavesEachItsGrace() throws Exception {
        var session = start("{a: {command: slow}}");
        assertTrue(await(session.up()));
        session.end();
        later = Duration.ofMinutes(1);
        session.end();
        await(session.ended());
        assertTrue(scripts.log().contains("finished a-1"), () -> out.toString(UTF_8));
    }

    @Test
    void whatDoesNotStopInTimeIsKilled() throws Exception {
        var timing = new Timing(LONG, LONG, LONG, 1, LONG, Duration.ofMillis(20));
        var session = start("{a: {command: stubborn}}", timing);
        assertTrue(await(session.up()));
        session.interrupt();
        assertEquals(new Ending.Stopped(), await(session.ended()));
    }

    @Test
    void aProjectIsHeldByOneSession() throws Exception {
        var session = start("{a: {command: serve}}");
        var refused = assertThrows(UpSession.Refused.class, () -> start("{a: {command: serve}}"));
        assertEquals("TUL2003", refused.problem().code());
        assertTrue(await(session.up()));
        stop(session);
        stop(start("{a: {command: serve}}"));
    }

    @Test
    void linesCarryNamesAndOnATerminalColours() throws Exception {
        var plan = Scripts.plan(folder, "{a: {command: x}, long: {command: x}}");
        var text = new ByteArrayOutputStream();
        var output = Output.to(new PrintStream(text, true, UTF_8), true, plan);
        output.say("a-1", "hello");
        assertEquals("\u001b[36ma-1    | \u001b[0mhello\n", text.toString(UTF_8));
    }

    @Test
    void whatIsSaidOfAnInstanceSteersNoTerminalAndBeginsNoLine() throws Exception {
        var plan = Scripts.plan(folder, "{a: {command: x}}");
        var text = new ByteArrayOutputStream();
        var output = Output.to(new PrintStream(text, true, UTF_8), false, plan);
        output.say("a-1", "its check said \u001b[2J\nb-1 | all is well\n  fix: do \u202e nothing");
        assertEquals(
                "a-1 | its check said \\u001b[2J\\nb-1 | all is well\n  fix: do \\u202e nothing\n",
                text.toString(UTF_8));
    }

    private UpSession start(String services) {
        return start(services, PATIENT);
    }

    private UpSession start(String services, Timing timing) {
        var plan = Scripts.plan(folder, services);
        var output = Output.to(new PrintStream(out, true, UTF_8), false, plan);
        return UpSession.start(
                plan, new UpSession.Tools(scripts, Timer.on(one), clock(), timing, output, folder.resolve("up")));
    }

    /** The real time, and what a test adds to it. */
    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Clock.systemUTC().instant().plus(later);
            }
        };
    }

    private static void stop(UpSession session) throws Exception {
        session.interrupt();
        await(session.ended());
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }
}
