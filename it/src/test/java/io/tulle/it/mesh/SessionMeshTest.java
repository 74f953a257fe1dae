package io.tulle.it.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two replicas of a chat, each of which knows only the sessions that began at it, as Socket.IO's server does, and a client that speaks
 * its default transport: a handshake and several requests by long polling, then the upgrade to a WebSocket.
 */
final class SessionMeshTest {
    /** Engine.IO's session ids: what another replica gave out is unknown here, 400. */
    private static final String CHAT = """
            const known = new Set();
            const server = require('http').createServer((q, r) => {
              const url = new URL(q.url, 'http://x');
              let sid = url.searchParams.get('sid');
              if (url.pathname === '/whoami') return r.end(process.env.NAME);
              if (!sid) {
                sid = require('crypto').randomUUID();
                known.add(sid);
                return r.end(sid + ' ' + process.env.NAME);
              }
              r.statusCode = known.has(sid) ? 200 : 400;
              r.end(process.env.NAME);
            });
            server.on('upgrade', (q, s) => {
              const sid = new URL(q.url, 'http://x').searchParams.get('sid');
              s.end(known.has(sid)
                ? 'HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\n' + process.env.NAME
                : 'HTTP/1.1 400 Bad Request\\r\\nContent-Length: 0\\r\\n\\r\\n');
            });
            server.listen(3000);
            """;

    /** GET /chat is one client's visit, with a jar for cookies as a browser has one; /hash?user= asks with a header. */
    private static final String WEB = """
            const http = require('http');
            function ask(path, jar, headers) {
              return new Promise((done, fail) => {
                const q = http.get({ host: 'chat', port: 3000, path,
                  headers: { ...(jar.cookie ? { cookie: jar.cookie } : {}), ...headers } });
                q.on('error', fail);
                q.on('upgrade', (r, s, head) => {
                  let text = head.toString();
                  s.on('data', d => text += d);
                  s.on('end', () => { s.end(); done([r.statusCode, text]); });
                });
                q.on('response', r => {
                  for (const c of r.headers['set-cookie'] ?? []) jar.cookie = c.split(';')[0];
                  let text = '';
                  r.on('data', d => text += d);
                  r.on('end', () => done([r.statusCode, text]));
                });
              });
            }
            async function visit() {
              const jar = {};
              const [, hello] = await ask('/socket.io/?transport=polling', jar);
              const [sid, home] = hello.split(' ');
              const seen = [];
              for (let i = 0; i < 4; i++) seen.push(await ask('/socket.io/?transport=polling&sid=' + sid, jar));
              seen.push(await ask('/socket.io/?transport=websocket&sid=' + sid, jar,
                { connection: 'Upgrade', upgrade: 'websocket' }));
              return home + ' ' + seen.map(([s, t]) => s + (t === home ? '' : '!')).join(',');
            }
            http.createServer((q, r) => {
              const url = new URL(q.url, 'http://x');
              const user = { 'x-user': url.searchParams.get('user') };
              const said = url.pathname === '/chat' ? visit() : ask('/whoami', {}, user).then(([, t]) => t);
              said.then(t => r.end(t), e => r.end(String(e)));
            }).listen(3000);
            """;

    @TempDir
    private Path folder;

    private LocalMesh mesh;
    private final List<Run> runs = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() throws Exception {
        mesh = new LocalMesh(folder);
        run("chat-1", "chat", CHAT, Map.of());
        run("chat-2", "chat", CHAT, Map.of());
        run("web-1", "web", WEB, Map.of(3000, new RunSettings.Door("127.0.0.1", 0)));
    }

    @AfterEach
    void stop() {
        runs.reversed().forEach(Run::stop);
        runs.reversed().forEach(Run::close);
        client.close();
    }

    @Test
    void socketIosDefaultTransportWorksWithTwoReplicas() throws Exception {
        var without = visits(8);
        assertTrue(without.stream().anyMatch(visit -> visit.contains("400")), "without it sessions break: " + without);
        mesh.apply("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: chat, namespace: shop}
                spec:
                  parentRefs: [{group: "", kind: Service, name: chat}]
                  rules:
                  - backendRefs: [{name: chat, port: 3000}]
                    sessionPersistence: {type: Cookie, cookie: {name: io-home}}
                """);
        var homes = visits(12).stream()
                .map(visit -> visit.split(" ", 2))
                .peek(visit -> assertEquals("200,200,200,200,101", visit[1]))
                .map(visit -> visit[0])
                .distinct()
                .sorted()
                .toList();
        assertEquals(List.of("chat-1", "chat-2"), homes);
    }

    @Test
    void equalRequestsGoToOneReplicaByADestinationRule() throws Exception {
        mesh.apply("""
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: chat, namespace: shop}
                spec:
                  host: chat
                  trafficPolicy:
                    loadBalancer: {consistentHash: {httpHeaderName: x-user}}
                """);
        var homes = new ArrayList<String>();
        for (int user = 0; user < 12; user++) {
            var home = get("/hash?user=u" + user);
            for (int i = 0; i < 4; i++) assertEquals(home, get("/hash?user=u" + user));
            homes.add(home);
        }
        assertEquals(
                List.of("chat-1", "chat-2"), homes.stream().distinct().sorted().toList());
    }

    private List<String> visits(int times) throws Exception {
        var all = new ArrayList<String>();
        for (int i = 0; i < times; i++) all.add(get("/chat"));
        return all;
    }

    private String get(String path) throws Exception {
        var door = (InetSocketAddress)
                runs.getLast().sidecar().boundAt("door|3000").orElseThrow();
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.getPort() + path))
                .timeout(Duration.ofSeconds(20))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private void run(String id, String service, String script, Map<Integer, RunSettings.Door> doors) throws Exception {
        var settings = new RunSettings(
                id,
                new ServiceName("shop", service),
                service,
                new TreeMap<>(),
                List.of(new ServicePort(3000, Protocol.HTTP)),
                doors,
                List.of("env", "NAME=" + id, "node", "-e", script),
                folder,
                folder.resolve(id),
                Capture.HOOK,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                RunSettings.Reach.USUAL,
                new TreeMap<>());
        var run = Run.start(
                settings,
                mesh.link(id, service),
                new Run.Surroundings("0.1.0", Clock.systemUTC(), new SecureRandom(), _ -> {}),
                Watching.start(settings.member(), "test", "tulle", Optional.empty()),
                new Upkeep(new Console.OutputOnly(), new Restart.No()));
        runs.add(run);
        run.ready().get(30, TimeUnit.SECONDS);
    }
}
