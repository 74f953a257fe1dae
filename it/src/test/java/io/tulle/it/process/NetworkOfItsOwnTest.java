package io.tulle.it.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.tulle.launch.capture.Facts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Services that are not Node, each in a network namespace of its own, as a person starts them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 600, unit = TimeUnit.SECONDS)
final class NetworkOfItsOwnTest {
    /** Says who asked it, or asks somebody else and says what that one said. Knows nothing of any mesh. */
    private static final String APPLICATION = """
            import com.sun.net.httpserver.*;
            import java.net.*;
            import java.net.http.*;

            class Echo {
              public static void main(String[] args) throws Exception {
                java.security.Security.setProperty("networkaddress.cache.negative.ttl", "0");
                var client = HttpClient.newHttpClient();
                for (int i = 1; i < args.length; i++) {
                  var server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[i])), 0);
                  server.setExecutor(java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor());
                  server.createContext("/", exchange -> {
                    var status = 200;
                    String said;
                    try {
                      var to = exchange.getRequestURI().getQuery();
                      said = to == null
                          ? args[0] + " was asked by " + exchange.getRequestHeaders().getFirst("x-forwarded-client-cert")
                          : args[0] + " heard: " + client.send(HttpRequest.newBuilder(URI.create(to)).build(),
                              HttpResponse.BodyHandlers.ofString()).body();
                    } catch (Exception e) {
                      status = 502;
                      said = e.toString();
                    }
                    exchange.sendResponseHeaders(status, said.length());
                    exchange.getResponseBody().write(said.getBytes());
                    exchange.close();
                  });
                  server.start();
                }
                System.out.println("listening as " + args[0]);
              }
            }
            """;

    private static final Pattern ADDRESS = Pattern.compile("(\\d+\\.\\d+\\.\\d+\\.\\d+):15006");

    private TulleHome tulle;
    private Path application;
    private int door;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        var facts = Facts.look(List.of("java"), folder, System.getenv().getOrDefault("PATH", ""));
        assumeTrue(facts.permitted(), "namespaces need root with CAP_SYS_ADMIN and CAP_NET_ADMIN");
        assumeTrue(facts.missing().isEmpty(), "not installed: " + facts.missing());
        application = Files.writeString(folder.resolve("Echo.java"), APPLICATION);
        try (var free = new ServerSocket(0)) {
            door = free.getLocalPort();
        }
        tulle = new TulleHome(folder);
        tulle.control();
        run("books", "8080/http", List.of(), "8080", "8999");
        run("desk", "3000/http", List.of("--publish", "3000=127.0.0.1:" + door), "3000");
    }

    @AfterAll
    void stop() {
        client.close();
        if (tulle != null) tulle.close();
    }

    @Test
    void theyTalkByTheNamesThatTheyWriteOverMutualTls() throws Exception {
        var said = "desk heard: books was asked by URI=spiffe://tulle/ns/default/sa/desk";

        assertEquals(said, desk("http://books:8080/"));
        assertEquals(said, desk("http://BOOKS.:8080/"));
        assertEquals(said, desk("http://books.default.tulle:8080/"));
        assertEquals(said, desk("http://localhost:8080/"), "a port that exactly one service declares");
        assertNotEquals(address("books"), address("desk"));
    }

    @Test
    void aDeclaredPortTakesNoPlaintextAndAnUndeclaredOneIsUntouched() throws Exception {
        var books = address("books");

        assertThrows(IOException.class, () -> get("http://" + books + ":8080/"));
        assertEquals("books was asked by null", get("http://" + books + ":8999/"));
        assertEquals("desk heard: books was asked by null", desk("http://" + books + ":8999/"));
    }

    @Test
    void whatIsNotInTheMeshIsReachedAsItIs() throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("169.254.77.1"), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 7);
            exchange.getResponseBody().write("outside".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
        var at = "http://169.254.77.1:" + server.getAddress().getPort() + "/";

        assertEquals("desk heard: outside", desk(at));
        server.stop(0);
        assertTrue(desk(at).contains("Exception"));
    }

    @Test
    void aServiceThatComesLaterIsFoundByItsName() throws Exception {
        run("late", "7000/http", List.of("--service", "later"), "7000");

        until(() -> desk("http://later:7000/").startsWith("desk heard: late was asked by URI="));
    }

    @Test
    void aReplicaGetsTrafficOnceItsApplicationListens() throws Exception {
        run("twin-1", "7200/http", List.of("--service", "twin"), "7200");
        var gate = application.resolveSibling("gate");
        new ProcessBuilder("mkfifo", gate.toString()).start().waitFor();
        var late = tulle.start(
                "run",
                "twin-2",
                "--service",
                "twin",
                "--expose",
                "7200/http",
                "--capture",
                "netns",
                "--",
                "bash",
                "-c",
                "read < " + gate + "; exec " + System.getProperty("java.home") + "/bin/java -Xmx64m " + application
                        + " twin-2 7200");
        Thread.ofVirtual().start(() -> late.inputReader().lines().forEach(_ -> {}));
        until(() -> lineOf("twin-2").contains("not ready"));
        for (var i = 0; i < 30; i++) {
            assertTrue(desk("http://twin:7200/").startsWith("desk heard: twin-1 "), "before it listens");
        }

        Files.writeString(gate, "open\n");

        until(() -> {
            var said = desk("http://twin:7200/");
            assertTrue(said.startsWith("desk heard: twin-"), said);
            return said.startsWith("desk heard: twin-2 ");
        });
    }

    @Test
    void aHealthCheckReachesTheApplicationPastPolicy() throws Exception {
        var ready = tulle.mesh("default").resolve("runs/books/ready");
        var around = Pattern.compile("\"around\":\\[([^]]*)]").matcher(Files.readString(ready));
        assertTrue(around.find());
        var words = new ArrayList<>(List.of(around.group(1).replace("\"", "").split(",")));
        words.addAll(List.of("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && echo reached"));

        var check = new ProcessBuilder(words).redirectErrorStream(true).start();

        assertEquals("reached", said(check));
    }

    @Test
    void thePagesOfAPodAreAtTheirPorts() throws Exception {
        var books = address("books");

        assertEquals("LIVE\n", get("http://" + books + ":15021/healthz/ready"));
        desk("http://books:8080/");
        until(() -> asked("http://" + books + ":15090/stats/prometheus").contains("istio_requests_total"));
        assertThrows(IOException.class, () -> get("http://" + books + ":15000/ready"), "for loopback alone");
    }

    @Test
    void aLauncherThatIsKilledLeavesNothing() throws Exception {
        var launcher = run("brief", "7100/http", List.of(), "7100");
        var address = address("brief");
        var runs = tulle.mesh("default").resolve("runs/brief");
        var application = ProcessHandle.of(Long.parseLong(
                        Files.readString(runs.resolve("application.pid")).strip()))
                .orElseThrow();
        var namespace = Files.readSymbolicLink(Path.of("/proc/" + application.pid() + "/ns/net"));
        var number = namespace.toString().replaceAll("\\D", "");
        assertTrue(said("ip", "route", "show", address).contains("dev tulle"));
        assertTrue(said("lsns", "-t", "net", "-n", "-o", "NS").contains(number));

        launcher.destroyForcibly().waitFor();

        application.onExit().get(120, TimeUnit.SECONDS);
        until(() -> said("ip", "route", "show", address).isEmpty());
        assertFalse(said("lsns", "-t", "net", "-n", "-o", "NS").contains(number));
        until(() -> !Files.exists(runs));
    }

    private Process run(String name, String expose, List<String> options, String... ports) throws IOException {
        var words = new ArrayList<>(List.of("run", name, "--expose", expose, "--capture", "netns"));
        words.addAll(options);
        words.addAll(
                List.of("--", System.getProperty("java.home") + "/bin/java", "-Xmx64m", application.toString(), name));
        words.addAll(List.of(ports));
        var process = tulle.start(words.toArray(String[]::new));
        var lines = new StringBuilder();
        var out = process.inputReader();
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            if (line.equals("listening as " + name)) return process;
            lines.append(line).append('\n');
        }
        throw new AssertionError(name + " ended:\n" + lines);
    }

    private String lineOf(String instance) {
        try {
            var all = tulle.run("ps").text();
            return all.lines()
                    .filter(one -> one.startsWith(instance + " "))
                    .findFirst()
                    .orElse("");
        } catch (IOException | InterruptedException e) {
            return e.toString();
        }
    }

    private String address(String instance) {
        var line = lineOf(instance);
        var found = ADDRESS.matcher(line);
        assertTrue(found.find(), () -> "no address: " + line);
        return found.group(1);
    }

    private String desk(String to) {
        return asked("http://127.0.0.1:" + door + "/?" + to);
    }

    private String asked(String url) {
        try {
            return get(url);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String get(String url) throws IOException {
        var request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(90))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static String said(String... words) {
        try {
            return said(new ProcessBuilder(words).redirectErrorStream(true).start());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String said(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    /** Asks again, each question taking its own time, until it is so. */
    private static void until(BooleanSupplier so) {
        var end = System.nanoTime() + Duration.ofSeconds(180).toNanos();
        while (!so.getAsBoolean()) {
            if (System.nanoTime() > end) throw new AssertionError("not so after 180 s");
            Thread.onSpinWait();
        }
    }
}
