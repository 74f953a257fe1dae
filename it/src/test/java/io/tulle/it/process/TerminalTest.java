package io.tulle.it.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person at a keyboard meets. */
@Timeout(value = 400, unit = TimeUnit.SECONDS)
final class TerminalTest {
    /** Answers when a line is typed, and says when and in which state it was told to end. */
    private static final String APPLICATION = """
            const waiting = [];
            let answered = 0;
            require('http').createServer((q, r) => { waiting.push(r); console.log('asked'); }).listen(4000);
            process.stdin.on('data', line => {
              console.log('typed ' + String(line).trim() + ', a terminal: ' + process.stdin.isTTY);
              for (const r of waiting.splice(0)) { answered++; r.end('late'); }
            });
            for (const name of ['SIGINT', 'SIGTERM'])
              process.on(name, () => { console.log(name + ' after ' + answered + ' answers'); process.exit(7); });
            """;

    @TempDir
    private Path folder;

    private TulleHome tulle;
    private int port;

    @BeforeEach
    void start() throws Exception {
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        tulle = new TulleHome(folder);
        tulle.control();
    }

    @AfterEach
    void stop() {
        tulle.close();
    }

    @Test
    void ctrlCDrainsAndThenTellsTheApplicationWhoseExitCodePassesThrough() throws Exception {
        try (var seat = Seat.at(run(), tulle.environment());
                var client = HttpClient.newHttpClient()) {
            seat.sees("is in the mesh");
            var answer = client.sendAsync(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            seat.sees("asked");

            seat.type(Seat.CTRL_C);
            seat.sees("draining");
            assertFalse(seat.screen().contains("SIGINT"), seat::screen);
            seat.type("now\r");

            assertEquals("late", answer.get(120, TimeUnit.SECONDS).body());
            seat.sees("SIGINT after 1 answers");
            assertEquals(7, seat.exit());
            assertTrue(seat.screen().contains("typed now, a terminal: true"), seat::screen);
            assertFalse(Files.exists(tulle.mesh("default").resolve("runs/app")));
        }
    }

    @Test
    void aSecondCtrlCEndsItAtOnce() throws Exception {
        try (var seat = Seat.at(run(), tulle.environment());
                var client = HttpClient.newHttpClient()) {
            seat.sees("is in the mesh");
            var _ = client.sendAsync(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            seat.sees("asked");

            seat.type(Seat.CTRL_C);
            seat.sees("draining");
            seat.type(Seat.CTRL_C);

            assertEquals(137, seat.exit());
            assertFalse(seat.screen().contains("SIGINT"), seat::screen);
        }
    }

    @Test
    void ctrlZStopsItAndTheShellContinuesItAndTheTerminalIsAsItWas() throws Exception {
        try (var seat = Seat.at(List.of("bash", "--norc", "--noprofile", "--noediting", "-i"), tulle.environment())) {
            seat.type("PS1='> '; stty -g >before\r"
                    .replace("before", folder.resolve("before").toString()));
            seat.type(quoted(run()) + "\r");
            seat.sees("is in the mesh");

            seat.type(Seat.CTRL_Z);
            seat.sees("Stopped");
            seat.sees("\n> "); // what is typed before stands in front of the prompt
            seat.type("stty -g | cmp - " + folder.resolve("before") + " && echo as before stopped\r");
            seat.sees("\nas before stopped");
            seat.type("fg\r");
            seat.sees("node");
            seat.type("again\r");
            seat.sees("typed again, a terminal: true");
            seat.type(Seat.CTRL_C);
            seat.sees("SIGINT after 0 answers");
            seat.sees("\n> "); // what is typed before is still the run's
            seat.type("echo code $?; stty -g | cmp - " + folder.resolve("before") + " && echo as before ended\r");

            seat.sees("\ncode 7");
            seat.sees("as before ended");
            seat.type("exit\r");
            assertEquals(0, seat.exit());
        }
    }

    @Test
    void inTheBackgroundItRunsWithoutKeys() throws Exception {
        try (var seat = Seat.at(List.of("bash", "--norc", "--noprofile", "--noediting", "-i"), tulle.environment())) {
            seat.type(quoted(run()) + " &\r");
            seat.sees("is in the mesh");
            seat.type("kill %1; wait %1; echo code $?\r");
            seat.sees("SIGTERM after 0 answers");
            seat.sees("\ncode 7");
        }
    }

    @Test
    void ctrlCEndsAllThatUpStarted() throws Exception {
        var compose = folder.resolve("compose.yaml");
        Files.writeString(folder.resolve("app.js"), APPLICATION);
        Files.writeString(compose, """
                name: shop
                services:
                  app:
                    command: node app.js
                    expose: ["4000/http"]
                    deploy: {replicas: 2}
                """);
        try (var seat = Seat.at(List.of(tulle.command(), "up", "-f", compose.toString()), tulle.environment())) {
            seat.sees("all of 'shop' is up");
            var running =
                    ProcessHandle.allProcesses().filter(this::isOfThisTest).toList();
            assertTrue(running.size() > 2, () -> "" + running);

            seat.type(Seat.CTRL_C);

            seat.sees("SIGTERM after 0 answers");
            seat.sees("SIGTERM after 0 answers");
            assertEquals(0, seat.exit());
            for (var process : running) process.onExit().get(120, TimeUnit.SECONDS);
        }
    }

    /** A launcher, a guardian or an application of this test's up; the control plane stays. */
    private boolean isOfThisTest(ProcessHandle process) {
        var command = process.info().commandLine().orElse("");
        return command.contains(tulle.mesh("default") + "/shop") && !command.contains(" control ");
    }

    private List<String> run() {
        return List.of(
                tulle.command(),
                "run",
                "app",
                "--expose",
                "4000/http",
                "--publish",
                "4000=" + port,
                "--",
                "node",
                "-e",
                APPLICATION);
    }

    private static String quoted(List<String> words) {
        return words.stream()
                .map(word -> "'" + word.replace("\n", " ").replace("'", "'\\''") + "'")
                .reduce((a, b) -> a + " " + b)
                .orElseThrow();
    }
}
