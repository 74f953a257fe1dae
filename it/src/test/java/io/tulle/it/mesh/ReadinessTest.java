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
import java.nio.file.Files;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A replica gets traffic while its application listens, whatever it speaks and however it is caught; no call fails meanwhile. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class ReadinessTest {
    /** Listens and closes as it is told at a Unix socket; says when it has done so. Expects {@code s}, a server. */
    private static final String OBEY = "const open = new Set(); s.on('connection', c => { open.add(c);"
            + " c.on('close', () => open.delete(c)) });"
            + " require('net').createServer(c => c.on('data', d => String(d) === 'open'"
            + " ? s.listen(Number(process.env.PORT), () => c.end('opened'))"
            + " : (s.close(() => c.end('closed')), open.forEach(each => each.destroy()))))"
            + ".listen(process.env.ORDERS);";

    private static final String LISTEN = "s.listen(Number(process.env.PORT));";

    /** A protocol: a server that says its version, and a caller that asks a host for it and answers {@code r}. */
    private record Speech(Protocol protocol, String server, String asker) {}

    private static final Speech HTTP = new Speech(
            Protocol.HTTP,
            "const s = require('http').createServer((q, r) => r.end(process.env.VERSION));",
            "fetch('http://NAME:PORT').then(async a => { r.statusCode = a.status; r.end(await a.text()) });");

    private static final Speech TCP = new Speech(
            Protocol.TCP,
            "const s = require('net').createServer(c => c.end(process.env.VERSION));",
            "let t = ''; require('net').connect(PORT, 'NAME').on('data', d => t += d)"
                    + ".on('error', e => r.end('no ' + e)).on('end', () => r.end(t));");

    private static final Speech NEST_TCP = new Speech(
            Protocol.NEST_TCP,
            "const s = require('net').createServer(c => c.on('data', d => { const t = String(d);"
                    + " const { id } = JSON.parse(t.slice(t.indexOf('#') + 1)); // another attempt has another id\n"
                    + " const m = JSON.stringify({ response: process.env.VERSION, isDisposed: true, id });"
                    + " c.write(m.length + '#' + m) }));",
            "const m = JSON.stringify({ pattern: 'who', data: '', id: '1' });"
                    + " const c = require('net').connect(PORT, 'NAME', () => c.write(m.length + '#' + m));"
                    + " c.on('error', e => r.end('no ' + e)).on('close', () => r.end('closed')).on('data', d => { const a = JSON.parse(String(d).split('#')[1]);"
                    + " r.end(a.response || JSON.stringify(a)); c.destroy() });");

    private static final Speech GRPC = new Speech(
            Protocol.GRPC,
            "const s = require('http2').createServer(); s.on('stream', t => { t.on('error', () => {});"
                    + " t.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });"
                    + " t.on('wantTrailers', () => t.sendTrailers({ 'grpc-status': '0' }));"
                    + " t.end(Buffer.concat([Buffer.from([0, 0, 0, 0, 2]), Buffer.from(process.env.VERSION)])) });",
            "const h = require('http2').connect('http://NAME:PORT'); h.on('error', e => r.end('no ' + e));"
                    + " const t = h.request({ ':method': 'POST', ':path': '/who.Who/Ask', te: 'trailers',"
                    + " 'content-type': 'application/grpc' }); let all = []; let said = '';"
                    + " t.on('response', x => said = x['grpc-message'] || ''); t.on('data', d => all.push(d));"
                    + " t.on('error', e => said += e);"
                    + " t.on('close', () => { r.end(Buffer.concat(all).subarray(5) + said); h.close() });"
                    + " t.end(Buffer.from([0, 0, 0, 0, 0]));");

    @TempDir
    private Path folder;

    private final List<Run> runs = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        runs.reversed().forEach(Run::stop);
        runs.reversed().forEach(Run::close);
        client.close();
    }

    @Test
    void anHttpReplicaUnderTheHook() throws Exception {
        comesAndGoes(HTTP, Capture.HOOK);
    }

    @Test
    void anHttpReplicaWhoseEnvironmentIsRewritten() throws Exception {
        comesAndGoes(HTTP, Capture.ENV);
    }

    @Test
    void aTcpReplicaUnderTheHook() throws Exception {
        comesAndGoes(TCP, Capture.HOOK);
    }

    @Test
    void aNestTcpReplicaUnderTheHook() throws Exception {
        comesAndGoes(NEST_TCP, Capture.HOOK);
    }

    @Test
    void aGrpcReplicaUnderTheHook() throws Exception {
        comesAndGoes(GRPC, Capture.HOOK);
    }

    private void comesAndGoes(Speech speech, Capture capture) throws Exception {
        var mesh = new LocalMesh(folder);
        var port = freePort();
        var web = new ServicePort(3000, Protocol.HTTP);
        var served = new ServicePort(port, speech.protocol());
        await(start(mesh, "plain-1", "plain", speech.server() + LISTEN, "v1", Capture.HOOK, served));
        var ask = speech.asker().replace("NAME", "plain").replace("PORT", Integer.toString(port));
        var asker = "const s = require('http').createServer((q, r) => { " + ask + " }); s.listen(3000);";
        var caller = await(start(mesh, "web-1", "web", asker, "v1", Capture.HOOK, web));

        var late = start(mesh, "plain-2", "plain", speech.server() + OBEY, "v2", capture, served);
        for (var i = 0; i < 30; i++) assertEquals("v1", get(caller), "before it listens");
        order("open");
        await(late);
        until(caller, "v2");
        order("close");
        until(caller, "v1");
        for (var i = 0; i < 30; i++) assertEquals("v1", get(caller), "while it does not listen");
        order("open");
        until(caller, "v2");
    }

    /** Each answer until then is an answer of one of them. */
    private void until(Run caller, String wanted) throws Exception {
        var end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        for (var last = ""; !last.equals(wanted); ) {
            last = get(caller);
            assertTrue(last.equals("v1") || last.equals("v2"), last);
            assertTrue(System.nanoTime() < end, "no answer of " + wanted);
        }
    }

    private void order(String what) throws Exception {
        try (var socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            var at = UnixDomainSocketAddress.of(folder.resolve("plain-2.orders"));
            var end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (!Files.exists(at.getPath()) && System.nanoTime() < end) Thread.onSpinWait();
            socket.connect(at);
            socket.write(ByteBuffer.wrap(what.getBytes(StandardCharsets.UTF_8)));
            assertTrue(socket.read(ByteBuffer.allocate(100)) > 0);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Run await(Run run) throws Exception {
        run.ready().get(30, TimeUnit.SECONDS);
        return run;
    }

    private String get(Run caller) throws Exception {
        var door = (InetSocketAddress) caller.sidecar().boundAt("door|3000").orElseThrow();
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.getPort() + "/"))
                .timeout(Duration.ofSeconds(20))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private Run start(
            LocalMesh mesh,
            String instance,
            String service,
            String script,
            String version,
            Capture capture,
            ServicePort port) {
        var orders = folder.resolve(instance + ".orders");
        var doors = service.equals("web")
                ? Map.of(3000, new RunSettings.Door("127.0.0.1", 0))
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
        var run = Run.start(
                settings,
                mesh.link(instance, service),
                new Run.Surroundings("0.1.0", Clock.systemUTC(), new SecureRandom(), _ -> {}),
                Watching.start(settings, "test", "tulle", Optional.empty()),
                new Upkeep(new Console.OutputOnly(), new Restart.No()));
        runs.add(run);
        return run;
    }
}
