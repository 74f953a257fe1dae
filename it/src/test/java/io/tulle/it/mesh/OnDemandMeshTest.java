package io.tulle.it.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tulle.agent.run.Remembered;
import io.tulle.agent.run.RemoteLink;
import io.tulle.agent.run.Run;
import io.tulle.agent.run.RunSettings;
import io.tulle.agent.run.Upkeep;
import io.tulle.agent.run.Watching;
import io.tulle.control.ControlPlane;
import io.tulle.dialects.compose.ComposeService.Restart;
import io.tulle.launch.capture.Capture;
import io.tulle.launch.process.Console;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.world.ServicePort;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.NameSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sidecar hears of the mesh: names, and all of what its application dials. With a control plane and Node services. */
final class OnDemandMeshTest {
    /** Calls the service that the path names: {@code /cart}. */
    private static final String WEB = """
            const http = require('http');
            http.createServer((q, r) => {
              http.get({ host: q.url.slice(1), port: 4000, agent: false }, a => { r.statusCode = a.statusCode; a.pipe(r); })
                .on('error', e => { r.statusCode = 599; r.end(e.code || e.message); });
            }).listen(3000);
            """;

    private static final String ORIGIN = "require('http').createServer((q, r) => r.end('here')).listen(4000);";

    @TempDir
    private Path folder;

    private final List<Run> runs = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private ControlPlane control;
    private int door;

    @BeforeEach
    void start() throws Exception {
        control = FolderControl.start(folder);
        run("cart", 4000, ORIGIN, Map.of());
        run("pay", 4000, ORIGIN, Map.of());
    }

    @AfterEach
    void stop() {
        runs.reversed().forEach(Run::stop);
        runs.reversed().forEach(Run::close);
        control.close();
        client.close();
    }

    @Test
    void itHearsNamesAndAllOfWhatItsApplicationDials() throws Exception {
        var web = web();
        assertEquals(
                Set.of("cart.shop.tulle", "pay.shop.tulle", "web.shop.tulle"),
                web.sidecar()
                        .plan()
                        .current()
                        .snapshot()
                        .all(ResourceType.NAME, NameSpec.class)
                        .keySet());
        assertEquals(Set.of(), dialled(web));

        assertEquals("here", get("/cart").body());
        assertEquals(Set.of("cart.shop.tulle"), dialled(web));
        assertEquals("here", get("/pay.shop").body());
        assertEquals(Set.of("cart.shop.tulle", "pay.shop.tulle"), dialled(web));
    }

    @Test
    void whatWasUsedBeforeIsThereWhileTheControlPlaneIsAwayAndWhatWasNotIsRefusedWithItsCode() throws Exception {
        var first = web();
        assertEquals("here", get("/cart").body());
        first.stop();
        first.close();
        runs.remove(first);

        var web = web();
        assertEquals(Set.of("cart.shop.tulle"), dialled(web), "before anybody dials it");
        control.close();

        assertEquals("here", get("/cart").body());
        var unknown = get("/pay");
        assertEquals(599, unknown.statusCode(), unknown.body());
        assertFalse(dialled(web).contains("pay.shop.tulle"));
    }

    private Run web() throws Exception {
        door = freePort();
        return run("web", 3000, WEB, Map.of(3000, new RunSettings.Door("127.0.0.1", door)));
    }

    /** Hosts to which it has a way. */
    private static Set<String> dialled(Run run) {
        Snapshot snapshot = run.sidecar().plan().current().snapshot();
        return snapshot.all(ResourceType.LISTENER, ListenerSpec.class).keySet().stream()
                .filter(name -> name.contains(".tulle:"))
                .map(name -> name.substring(0, name.lastIndexOf(':')))
                .collect(Collectors.toSet());
    }

    private HttpResponse<String> get(String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door + path))
                .timeout(Duration.ofSeconds(20))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private Run run(String service, int port, String script, Map<Integer, RunSettings.Door> doors) throws Exception {
        var settings = new RunSettings(
                service + "-1",
                new ServiceName("shop", service),
                service,
                new TreeMap<>(),
                List.of(new ServicePort(port, Protocol.HTTP)),
                doors,
                List.of("node", "-e", script),
                folder,
                folder.resolve(service + "-1"),
                Capture.HOOK,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                RunSettings.Reach.USUAL,
                new TreeMap<>());
        var runtime = new Run.Surroundings("0.1.0", Clock.systemUTC(), new SecureRandom(), _ -> {});
        var joining = new RemoteLink.Joining(false, Remembered.in(folder.resolve("used/" + service)));
        var run = Run.start(
                settings,
                RemoteLink.open(folder.resolve("run"), settings.member(), runtime, joining),
                runtime,
                Watching.start(
                        settings.member(), "test", "tulle", new Watching.Wanted(Optional.empty(), Optional.empty())),
                new Upkeep(new Console.OutputOnly(), new Restart.No()));
        runs.add(run);
        run.ready().get(30, TimeUnit.SECONDS);
        return run;
    }

    /** Free a moment ago. */
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
