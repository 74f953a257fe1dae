package io.tulle.launch.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApplicationTest {
    @TempDir
    private Path folder;

    private int started;

    @Test
    void theExitCodeOfTheApplicationPassesThrough() throws Exception {
        try (var application = start("exit 42")) {
            assertEquals(42, application.exit().get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void aSignalThatEndsItShowsAs128PlusItsNumber() throws Exception {
        try (var application = start("kill -KILL $$")) {
            assertEquals(137, application.exit().get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void aCommandThatDoesNotExistEndsWith127() throws Exception {
        try (var application = Application.start(
                new Application.Command(List.of("no-such-command-here"), folder, Map.of()),
                RunDirectory.create(folder.resolve("run")),
                new Console.Piped())) {
            assertEquals(127, application.exit().get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void itHasAProcessGroupOfItsOwn() throws Exception {
        try (var application = start("ps -o pgid= -p $$; ps -o pgid= -p $PPID")) {
            var out = application.process().inputReader();
            assertNotEquals(out.readLine().strip(), out.readLine().strip());
        }
    }

    @Test
    void stopAsksFirstAndInsistsLater() throws Exception {
        try (var polite = start("trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done")) {
            awaitLine(polite);
            assertEquals(7, polite.stop(Duration.ofSeconds(20)));
        }
        try (var stubborn = start("trap '' TERM; echo ready; while :; do sleep 0.01; done")) {
            awaitLine(stubborn);
            assertEquals(137, stubborn.stop(Duration.ofMillis(100)));
        }
    }

    @Test
    void whenTheLauncherIsGoneNothingOfTheRunIsLeft() throws Exception {
        var application = start("sleep 300 & echo $!; wait");
        var child = Long.parseLong(awaitLine(application));
        var run = folder.resolve("run");
        assertTrue(Files.exists(run) && ProcessHandle.of(child).isPresent());

        application.close(); // what the kernel does for a launcher that was killed

        application.exit().get(20, TimeUnit.SECONDS);
        ProcessHandle.of(child)
                .ifPresent(left -> left.onExit().orTimeout(20, TimeUnit.SECONDS).join());
        assertFalse(Files.exists(run));
    }

    @Test
    void aLauncherThatDiedBeforeItsGuardianLookedIsSeenToo() throws Exception {
        var run = RunDirectory.create(folder.resolve("run"));
        var life = run.place("life");
        run.place("application.pid");
        run.place("told");
        assertEquals(0, new ProcessBuilder("mkfifo", life.toString()).start().waitFor());
        String script;
        try (var in = Application.class.getResourceAsStream("/io/tulle/launch/guardian.sh")) {
            script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }

        var dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.writeString(run.path().resolve("holder"), dead.pid() + " 1 2026-01-01T00:00:00Z\n");
        var told = folder.resolve("told");
        assertEquals(0, new ProcessBuilder("mkfifo", told.toString()).start().waitFor());
        run.write(Application.KILLED, "RUN=7 exec bash -c 'echo killed $RUN >" + told + "'\n");
        var guardian = new ProcessBuilder(
                        "bash",
                        run.write("guardian.sh", script).toString(),
                        life.toString(),
                        run.path().toString(),
                        "",
                        "1",
                        "",
                        "--",
                        "sleep",
                        "300")
                .start();

        assertTrue(guardian.waitFor(20, TimeUnit.SECONDS));
        assertEquals(143, guardian.exitValue());
        assertEquals("killed 7\n", Files.readString(told));
        assertFalse(Files.exists(run.path()));
    }

    @Test
    void onceItIsClosedNobodyElseTouchesTheFolder() throws Exception {
        for (var script : List.of("echo ready", "echo ready; sleep 300", "trap '' TERM; echo ready; sleep 300")) {
            try (var application = start(script)) {
                awaitLine(application);
                application.close();
                assertFalse(application.process().isAlive(), script);
            }
        }
    }

    @Test
    void whatTheLeaderStartedHasItsGraceWhenTheLeaderEndsFirst() throws Exception {
        // As under `sh -c "node svc.js"`: the shell ends at once, what it started has something to finish.
        var child = "trap 'sleep 0.5; echo finished; exit' TERM; echo ready; while :; do sleep 0.01; done";
        try (var application = start("sh -c \"" + child + "\" & trap 'exit 3' TERM; wait")) {
            var out = application.process().inputReader();
            assertEquals("ready", out.readLine());

            assertEquals(3, application.stop(Duration.ofSeconds(20)));

            assertTrue(saysFinished(out));
        }
    }

    @Test
    void whatALeaderLeavesBehindByItselfIsToldToEndAndHasItsGrace() throws Exception {
        var child = "trap 'sleep 0.5; echo finished; exit' TERM; echo ready; while :; do sleep 0.01; done";
        try (var application = start("sh -c \"" + child + "\" & sleep 0.3; exit 5")) {
            var out = application.process().inputReader();
            assertEquals("ready", out.readLine());
            assertTrue(saysFinished(out));
            assertEquals(5, application.exit().get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void anEndingApplicationIsToldOnce() throws Exception {
        // To a handler that is installed once, a second TERM is the default: an end at once.
        var child = "trap 'trap - TERM; sleep 0.5; echo finished; exit' TERM; echo ready; while :; do sleep 0.01; done";
        try (var application = start("sh -c \"" + child + "\" & trap 'exit 3' TERM; wait")) {
            var out = application.process().inputReader();
            assertEquals("ready", out.readLine());
            application.signal("TERM");
            assertTrue(saysFinished(out));
        }
    }

    @Test
    void itsFilesAreForTheOwnerAlone() throws Exception {
        var run = RunDirectory.create(folder.resolve("run"));
        assertEquals("rwx------", permissions(run.path()));
        assertEquals("rw-------", permissions(run.write("secret", "x")));
        run.close();
        assertFalse(Files.exists(run.path()));
    }

    private Application start(String script) {
        return Application.start(
                new Application.Command(List.of("/bin/sh", "-c", script), folder, Map.of()),
                RunDirectory.create(folder.resolve(started++ == 0 ? "run" : "run" + started)),
                new Console.Piped());
    }

    /** A shell says that its `sleep` was terminated, too. */
    private static boolean saysFinished(BufferedReader out) {
        return out.lines().anyMatch("finished"::equals);
    }

    private static String awaitLine(Application application) throws IOException {
        BufferedReader out = application.process().inputReader();
        return out.readLine();
    }

    private static String permissions(Path path) throws IOException {
        return java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
