package io.tulle.launch.up;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.launch.health.Timer;
import io.tulle.launch.process.Signals;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DownTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void stopsAProjectFromAnotherProcessInItsOrder() throws Exception {
        var process = session();
        try (var out = process.inputReader()) {
            for (var line = out.readLine(); !"UP".equals(line); line = out.readLine()) assertTrue(line != null);

            assertInstanceOf(Down.Stopped.class, Down.of(folder.resolve("up"), PATIENCE));

            assertEquals(0, process.waitFor());
            var log = Files.readAllLines(folder.resolve("log"));
            assertEquals(List.of("start a-1", "start b-1", "stop b-1", "stop a-1"), log);
            assertEquals("TUL2004", refusal(Down.of(folder.resolve("up"), PATIENCE)));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void whenTheSessionIsKilledItsProcessesEndWithIt() throws Exception {
        var process = session();
        try (var out = process.inputReader()) {
            for (var line = out.readLine(); !"UP".equals(line); line = out.readLine()) assertTrue(line != null);
            var children = process.descendants().toList();
            assertTrue(children.size() >= 2, "" + children);

            process.destroyForcibly();

            for (var child : children) child.onExit().get(20, java.util.concurrent.TimeUnit.SECONDS);
            assertEquals("TUL2004", refusal(Down.of(folder.resolve("up"), PATIENCE)));
        }
    }

    @Test
    void aProcessThatGotTheNumberLaterIsLeftAlone() throws Exception {
        var stranger = new ProcessBuilder("sleep", "1000").start();
        try {
            Files.writeString(
                    folder.resolve("up.json"), "{\"session\":{\"pid\":" + stranger.pid() + ",\"started\":1000}}");
            assertEquals("TUL2004", refusal(Down.of(folder, PATIENCE)));
            assertTrue(stranger.isAlive());
            for (var text : List.of("", "[]", "{\"session\":{\"pid\":1e99,\"started\":\"x\"}}", "{\"session\":{}}")) {
                Files.writeString(folder.resolve("up.json"), text);
                assertEquals("TUL2004", refusal(Down.of(folder, PATIENCE)));
            }
        } finally {
            stranger.destroyForcibly();
        }
    }

    private static String refusal(Down down) {
        return assertInstanceOf(Down.Refused.class, down).problem().code();
    }

    private Process session() throws Exception {
        var java = ProcessHandle.current().info().command().orElse("java");
        return new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Session.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** {@code tulle up}, with a shell script in place of {@code tulle run}. */
    static final class Session {
        private Session() {}

        public static void main(String[] arguments) {
            var folder = Path.of(arguments[0]);
            var plan = Scripts.plan(
                    folder, "{a: {command: x}, b: {command: x, depends_on: {a: {condition: service_healthy}}}}");
            // $1… are the arguments of `tulle`: run NAME … --run-dir DIR -- x
            var script = "ME=$2 LOG=" + folder.resolve("log")
                    + "; while [ \"$1\" != --run-dir ]; do shift; done; RUN=$2; " + Scripts.BY_NAME.get("serve");
            var output = Output.to(new PrintStream(System.out, true, UTF_8), false, plan);
            try (var one = Executors.newSingleThreadScheduledExecutor()) {
                var session = UpSession.start(
                        plan,
                        new UpSession.Tools(
                                new GuardedStarter(List.of("bash", "-c", script, "tulle")),
                                Timer.on(one),
                                Clock.systemUTC(),
                                Timing.USUAL,
                                output,
                                folder.resolve("up")));
                if (!Signals.take(session::interrupt)) throw new IllegalStateException("no signals");
                session.up().thenRun(() -> System.out.println("UP"));
                session.ended().join();
            }
        }
    }
}
