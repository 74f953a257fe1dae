package io.tulle.it.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One run as a process: what it prints and who reads it, its ends and what comes after them. */
@Timeout(value = 400, unit = TimeUnit.SECONDS)
final class RunTest {
    /** Ends with 3 when it is asked to; says goodbye in two lines when it is told to end. */
    private static final String APPLICATION = """
            console.log('born'); console.error('an error');
            require('http').createServer((q, r) => q.url === '/die' ? process.exit(3) : r.end(String(process.pid)))
              .listen(4000);
            process.on('SIGTERM', () => { console.log('bye'); setTimeout(() => { console.log('gone'); process.exit(0) }, 200) });
            """;

    @TempDir
    private Path folder;

    private TulleHome tulle;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() throws Exception {
        tulle = new TulleHome(folder);
        tulle.control();
    }

    @AfterEach
    void stop() {
        client.close();
        tulle.close();
    }

    @Test
    void whatARunPrintsIsReadInAnotherShellToItsEndAndAfterIt() throws Exception {
        assertTrue(tulle.run("logs", "web").text().contains("TUL2181"));
        var run = run();
        var out = run.inputReader();
        await(out, "is in the mesh");
        var followed = tulle.start("logs", "web", "-f").inputReader();
        awaitAll(followed, "born", "an error", "web is in the mesh");

        assertEquals(0, tulle.run("stop", "web").exit());

        await(followed, "bye");
        await(followed, "gone");
        assertEquals(List.of(), followed.lines().toList()); // it ends with the run
        await(out, "gone"); // where it was started it is printed as well
        var last = tulle.run("logs", "web", "--tail", "2").text().lines().toList();
        assertEquals(List.of("bye", "gone"), last.subList(last.size() - 2, last.size()));
    }

    @Test
    void whatIsPrintedAfterTheLauncherWasKilledIsKept() throws Exception {
        var run = run();
        // What a launcher has not read of one stream when it is killed comes after what the other stream says later.
        awaitAll(run.inputReader(), "born", "an error", "is in the mesh");
        run.destroyForcibly().waitFor();

        var file = tulle.mesh("default").resolve("logs/web.log");
        while (!Files.readString(file).contains("gone")) Thread.onSpinWait();

        var said = Files.readString(file);
        assertTrue(said.endsWith("bye\ngone\n"), said);
    }

    @Test
    void anApplicationThatFailsIsStartedAgainUnderTheSidecarThatItHad() throws Exception {
        var run = run("--restart", "on-failure");
        var out = run.inputReader();
        var door = door(await(out, "is in the mesh"));
        var first = get(door, "/").body();
        var registered = tulle.run("ps").text();

        assertTrue(get(door, "/die").statusCode() >= 500);
        await(out, "web ended with code 3; it is started again in 100 ms");
        await(out, "born");
        var second = get(door, "/");
        for (; second.statusCode() != 200; second = get(door, "/")) Thread.onSpinWait();

        assertFalse(second.body().equals(first));
        assertEquals(registered, tulle.run("ps").text()); // the same mesh address, in sync
        assertEquals(0, tulle.run("stop", "web").exit());
        assertEquals(0, run.waitFor());
    }

    @Test
    void aRestartPolicyThatIsNoneIsRefused() throws Exception {
        var refused = tulle.run("run", "web", "--restart", "sometimes", "--", "true");
        assertEquals(2, refused.exit());
        assertTrue(refused.text().contains("TUL2182"), refused::text);
    }

    @Test
    void sigquitReachesTheApplicationOnce() throws Exception {
        var run = tulle.start(
                "run",
                "web",
                "--",
                "node",
                "-e",
                "process.on('SIGQUIT', () => console.log('a quit')); setInterval(() => {}, 1000); console.log('born')");
        var out = run.inputReader();
        awaitAll(out, "born", "is in the mesh");

        quit(run, 2); // as timeout(1) does, to a process and to its group
        await(out, "a quit");
        assertEquals(0, tulle.run("stop", "web").exit());

        var rest = out.lines().toList();
        assertEquals(
                List.of(), rest.stream().filter(line -> line.contains("quit")).toList());
        assertFalse(rest.toString().contains("Full thread dump"), "the sidecar's threads are nobody's business");
    }

    @Test
    void anApplicationThatDoesNotCatchItEndsBySigquitAndTheRunWithIt() throws Exception {
        var run = tulle.start("run", "web", "--", "node", "-e", "setInterval(() => {}, 1000); console.log('born')");
        var out = run.inputReader();
        awaitAll(out, "born", "is in the mesh");

        quit(run, 1);

        assertEquals(128 + 3, run.waitFor());
    }

    /** In any order: output, errors and Tulle's own lines come by ways of their own. */
    private static void awaitAll(BufferedReader out, String... texts) throws Exception {
        var missing = new ArrayList<>(List.of(texts));
        while (!missing.isEmpty()) {
            var line = out.readLine();
            if (line == null) throw new AssertionError("it ended without " + missing);
            missing.removeIf(line::contains);
        }
    }

    private static void quit(Process run, int times) throws Exception {
        for (var i = 0; i < times; i++) {
            var kill = new ProcessBuilder("/bin/kill", "-QUIT", Long.toString(run.pid())).start();
            assertEquals(0, kill.waitFor());
        }
    }

    private Process run(String... options) throws Exception {
        var words = new ArrayList<>(List.of("run", "web", "--expose", "4000/http", "--publish", "4000=127.0.0.1:0"));
        words.addAll(List.of(options));
        words.addAll(List.of("--", "node", "-e", APPLICATION));
        return tulle.start(words.toArray(String[]::new));
    }

    private static String await(BufferedReader out, String text) throws Exception {
        var before = new StringBuilder();
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            if (line.contains(text)) return line;
            before.append(line).append('\n');
        }
        throw new AssertionError("it ended without '" + text + "':\n" + before);
    }

    private static String door(String line) {
        return line.replaceFirst(".*port 4000 at (http://[0-9.:]+).*", "$1");
    }

    private HttpResponse<String> get(String door, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(door + path)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
