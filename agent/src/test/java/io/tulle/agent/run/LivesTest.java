package io.tulle.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.dialects.compose.ComposeService.Restart;
import io.tulle.launch.process.Application;
import io.tulle.launch.process.Console;
import io.tulle.launch.process.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LivesTest {
    @TempDir
    private Path folder;

    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final ArrayList<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var each : open) each.close();
    }

    @Test
    void withoutAPolicyItsFirstEndIsTheEnd() throws Exception {
        assertEquals(3, over(start("exit 3", new Restart.No())));
        assertTrue(told.isEmpty());
    }

    @Test
    void onFailureStartsItAgainAsOftenAsIsSaid() throws Exception {
        var lives = start("echo >>count; exit 3", new Restart.OnFailure(OptionalInt.of(2)));
        assertEquals(3, over(lives));
        assertEquals(3, Files.readAllLines(folder.resolve("count")).size());
        assertEquals("app ended with code 3; it is started again in 100 ms", told.poll());
        assertEquals("app ended with code 3; it is started again in 200 ms", told.poll());
    }

    @Test
    void onFailureASuccessIsTheEnd() throws Exception {
        var lives = start("[ -e was ] && exit 0; touch was; exit 1", new Restart.OnFailure(OptionalInt.empty()));
        assertEquals(0, over(lives));
        assertEquals(1, told.size());
    }

    @Test
    void alwaysStartsItAgainAfterASuccessTooUntilItIsStopped() throws Exception {
        var lives = start(
                "trap 'exit 9' TERM; echo >>count; [ -e third ] && sleep 100 & wait; "
                        + "[ -e second ] && touch third; touch second",
                new Restart.Always());
        told.poll(20, TimeUnit.SECONDS);
        told.poll(20, TimeUnit.SECONDS);
        awaitLines(3);
        lives.stop("TERM", Duration.ofSeconds(10));
        assertEquals(9, over(lives));
    }

    @Test
    void stoppedBetweenTwoLivesItIsNotStartedAgain() throws Exception {
        var lives = start("echo >>count; exit 4", new Restart.Always());
        for (var i = 0; i < 4; i++) told.poll(20, TimeUnit.SECONDS); // the pause is 800 ms by now
        assertTrue(lives.group().isEmpty());
        lives.stop("TERM", Duration.ofSeconds(10));
        assertEquals(4, over(lives));
        assertEquals(4, Files.readAllLines(folder.resolve("count")).size());
    }

    @Test
    void aNewLifeIsNotToldWhatWasLeftOfAnEarlierOneWasTold() throws Exception {
        var script = "[ -e run/told ] && touch stale; echo >>count; sleep 100 & exit 1"; // the guardian tells the sleep
        assertEquals(1, over(start(script, new Restart.OnFailure(OptionalInt.of(1)))));
        assertEquals(2, Files.readAllLines(folder.resolve("count")).size());
        assertFalse(Files.exists(folder.resolve("stale")));
    }

    @Test
    void whenItsGuardianIsKilledWhatThatGuardedGoesBeforeTheNextLifeAndTheFolderStays() throws Exception {
        var lives = start("echo $PPID >guardian; echo $$ >self; echo >>count; sleep 100 & wait", new Restart.Always());
        awaitLines(1);
        var first = ProcessHandle.of(number("self")).orElseThrow();
        ProcessHandle.of(number("guardian")).orElseThrow().destroyForcibly();
        first.onExit().get(20, TimeUnit.SECONDS);
        awaitLines(2);
        assertTrue(Files.exists(folder.resolve("run/application.pid")));
        lives.stop("KILL", Duration.ofSeconds(10));
        assertEquals(137, over(lives));
    }

    private long number(String file) throws Exception {
        return Long.parseLong(Files.readString(folder.resolve(file)).strip());
    }

    /** Its life number so many has begun. */
    private void awaitLines(int count) throws Exception {
        var file = folder.resolve("count");
        try (var watcher = folder.getFileSystem().newWatchService()) {
            folder.register(watcher, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            while (!Files.exists(file) || Files.readAllLines(file).size() < count) {
                var key = watcher.poll(20, TimeUnit.SECONDS);
                assertTrue(key != null, "life " + count + " did not begin");
                key.pollEvents();
                key.reset();
            }
        }
    }

    private Lives start(String script, Restart restart) {
        var directory = RunDirectory.create(folder.resolve("run"));
        var lives = new Lives(
                new Lives.What(
                        "app",
                        new Application.Command(List.of("/bin/sh", "-c", script), folder, Map.of()),
                        directory,
                        new Console.OutputOnly()),
                restart,
                Clock.systemUTC(),
                told::add);
        open.addAll(List.of(lives, directory));
        lives.start();
        return lives;
    }

    private static int over(Lives lives) throws Exception {
        return lives.over().get(30, TimeUnit.SECONDS);
    }
}
