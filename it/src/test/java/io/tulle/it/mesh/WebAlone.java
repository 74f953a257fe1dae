package io.tulle.it.mesh;

import io.tulle.agent.run.Run;
import io.tulle.agent.run.RunSettings;
import io.tulle.agent.run.Upkeep;
import io.tulle.agent.run.Watching;
import io.tulle.dialects.compose.ComposeService.Restart;
import io.tulle.launch.capture.Capture;
import io.tulle.launch.process.Console;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.world.ServicePort;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** An application under the hook that asks whatever address the path of a request to it names, and says what it heard. */
final class WebAlone implements AutoCloseable {
    private static final String WEB = "require('http').createServer((q, r) => fetch('http:/' + q.url)"
            + ".then(async a => r.end(a.status + ' ' + await a.text()), e => r.end('no ' + e.cause)))"
            + ".listen(3000)";

    private final Run run;
    private final HttpClient client = HttpClient.newHttpClient();

    WebAlone(LocalMesh mesh, Path folder, String namespace, String service) throws Exception {
        this(mesh, folder, namespace, service, Map.of());
    }

    WebAlone(LocalMesh mesh, Path folder, String namespace, String service, Map<String, String> labels)
            throws Exception {
        var instance = service + "-1";
        var settings = new RunSettings(
                instance,
                new ServiceName(namespace, service),
                service,
                new TreeMap<>(labels),
                List.of(new ServicePort(3000, Protocol.HTTP)),
                Map.of(3000, new RunSettings.Door("127.0.0.1", 0)),
                List.of("node", "-e", WEB),
                folder,
                folder.resolve(instance),
                Capture.HOOK,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                RunSettings.Reach.USUAL,
                new TreeMap<>());
        run = Run.start(
                settings,
                mesh.link(namespace, instance, service),
                new Run.Surroundings("0.1.0", Clock.systemUTC(), new SecureRandom(), _ -> {}),
                Watching.start(settings.member(), "test", "tulle", Optional.empty()),
                new Upkeep(new Console.OutputOnly(), new Restart.No()));
        run.ready().get(30, TimeUnit.SECONDS);
    }

    /** @param address with its path, as a URL has them after the two slashes */
    String ask(String address) throws Exception {
        var door = (InetSocketAddress) run.sidecar().boundAt("door|3000").orElseThrow();
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.getPort() + "/" + address))
                .timeout(Duration.ofSeconds(3))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (HttpTimeoutException late) {
            return "late"; // a name that the hook does not know yet is looked up, which takes its time where there is
            // no DNS
        }
    }

    /** Until its hook has heard of what was applied, and an answer begins as expected. */
    String await(String beginning, String address) throws Exception {
        var end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        var answer = ask(address);
        while (!answer.startsWith(beginning)) {
            if (System.nanoTime() > end) throw new AssertionError("not " + beginning + " but " + answer);
            answer = ask(address);
        }
        return answer;
    }

    @Override
    public void close() {
        run.stop();
        run.close();
        client.close();
    }
}
