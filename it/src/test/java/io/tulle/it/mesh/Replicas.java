package io.tulle.it.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.agent.run.Remembered;
import io.tulle.agent.run.RemoteLink;
import io.tulle.agent.run.Run;
import io.tulle.agent.run.RunSettings;
import io.tulle.agent.run.Upkeep;
import io.tulle.agent.run.Watching;
import io.tulle.control.ControlPlane;
import io.tulle.dialects.compose.ComposeService.Restart;
import io.tulle.launch.capture.Capture;
import io.tulle.launch.health.Question;
import io.tulle.launch.process.Console;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.world.ServicePort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A control plane and everything else that is real: replicas of {@code plain}, and {@code web}, which calls them without a pause. */
final class Replicas implements AutoCloseable {
    private final Path folder;
    private final List<Run> runs = new ArrayList<>();
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final ControlPlane control;

    Replicas(Path folder) throws IOException {
        this.folder = folder;
        control = FolderControl.start(folder);
    }

    ControlPlane control() {
        return control;
    }

    /** Ends all that was started, but for the control plane. */
    void end() {
        runs.reversed().forEach(Run::stop);
        runs.reversed().forEach(Run::close);
        runs.clear();
        said.clear();
    }

    @Override
    public void close() {
        control.close();
        client.close();
    }

    /** Lets {@code plain-2} listen, and returns once it has answered. */
    void comes() {
        var before = more(1).v2();
        order("open");
        until(() -> more(5).v2() > before);
    }

    /** Waits until a run has told a person something of which this is a part. */
    void awaitSaid(String text) throws InterruptedException {
        while (!Optional.ofNullable(said.poll(60, TimeUnit.SECONDS))
                .orElseThrow(() -> new AssertionError("nobody said " + text))
                .contains(text)) {}
    }

    /** What its callers have counted so far. */
    record Counts(int v1, int v2, int failed, String wrong) {
        int calls() {
            return v1 + v2 + failed;
        }
    }

    /** Once each of the callers has asked so often again. */
    Counts more(int times) {
        var words = door("/" + times).split(" ", 4);
        assertEquals(4, words.length, () -> String.join(" ", words));
        return new Counts(Integer.parseInt(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]), words[3]);
    }

    /** What its own sidecar has counted: requests, calls, connections, and those that came to nothing. */
    long arrivedAt(Run run) {
        return get(run.admin().orElseThrow(), "/stats/prometheus")
                .lines()
                .filter(line -> line.startsWith("istio_requests_total{")
                        || line.startsWith("istio_tcp_connections_opened_total{")
                        || line.startsWith("tulle_connections_accepted_total"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Asks again, each question taking its own time, until it is so. */
    static void until(BooleanSupplier so) {
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!so.getAsBoolean()) assertTrue(System.nanoTime() < end, "not so after a minute");
    }

    /** Of the life that is there now, or else of the next one. */
    void order(String what) {
        var at = UnixDomainSocketAddress.of(folder.resolve("plain-2.orders"));
        until(() -> {
            try (var socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                socket.connect(at);
                socket.write(ByteBuffer.wrap(what.getBytes(StandardCharsets.UTF_8)));
                return socket.read(ByteBuffer.allocate(100)) > 0;
            } catch (IOException _) {
                return false;
            }
        });
    }

    void nothingArrivesAt(Run late) {
        until(() -> {
            var before = arrivedAt(late);
            more(20);
            return arrivedAt(late) == before;
        });
    }

    private Run web() {
        return runs.stream()
                .filter(run -> run.sidecar().boundAt("door|3000").isPresent())
                .findFirst()
                .orElseThrow();
    }

    String door(String path) {
        return get(web().sidecar().boundAt("door|3000").orElseThrow(), path);
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private String get(Object at, String path) {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + ((InetSocketAddress) at).getPort() + path))
                .timeout(Duration.ofSeconds(60))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A replica, which need not listen yet. */
    Run plain(String instance, String script, String version, Capture capture, ServicePort port) throws IOException {
        return plain(instance, script, version, capture, port, Optional.empty());
    }

    Run plain(
            String instance,
            String script,
            String version,
            Capture capture,
            ServicePort port,
            Optional<Question.Wanted> health)
            throws IOException {
        return run(instance, "plain", script, version, capture, port, health);
    }

    /** Who calls them; it has had this answer. */
    Run web(Speech speech, ServicePort called, String answer) throws Exception {
        var script = speech.caller("plain", called.port());
        var own = new ServicePort(3000, Protocol.HTTP);
        var web = run("web-1", "web", script, "", Capture.HOOK, own, Optional.empty());
        web.ready().get(30, TimeUnit.SECONDS);
        until(() -> door("/0").equals(answer));
        return web;
    }

    private Run run(
            String instance,
            String service,
            String script,
            String version,
            Capture capture,
            ServicePort port,
            Optional<Question.Wanted> health)
            throws IOException {
        var orders = folder.resolve(instance + ".orders");
        var doors = service.equals("web")
                ? Map.of(3000, new RunSettings.Door("127.0.0.1", freePort()))
                : Map.<Integer, RunSettings.Door>of();
        var settings = new RunSettings(
                instance,
                new ServiceName("shop", service),
                service,
                new TreeMap<>(Map.of("version", version)),
                List.of(port),
                doors,
                List.of("env", "VERSION=" + version, "PORT=" + port.port(), "ORDERS=" + orders, "node", "-e", script),
                folder,
                folder.resolve(instance),
                capture,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                RunSettings.Reach.USUAL,
                new TreeMap<>());
        var runtime = new Run.Surroundings("0.1.0", Clock.systemUTC(), new SecureRandom(), said::add);
        var run = Run.start(
                settings,
                RemoteLink.open(
                        folder.resolve("run"),
                        settings.member(),
                        runtime,
                        new RemoteLink.Joining(false, Remembered.NOTHING)),
                runtime,
                Watching.start(settings.member(), "test", "tulle", Optional.empty()),
                new Upkeep(new Console.OutputOnly(), new Restart.Always(), health));
        runs.add(run);
        return run;
    }
}
