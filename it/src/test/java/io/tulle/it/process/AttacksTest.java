package io.tulle.it.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.testkit.Origin;
import io.tulle.testkit.RawSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attacks that once ended a process or locked its owner out, against processes of their own with a small heap, each with
 * twice as many attackers as it took then. While they last, the owner and other callers are served. Takes minutes:
 * {@code TULLE_ATTACKS=1} asks for it.
 */
@Timeout(value = 400, unit = TimeUnit.SECONDS)
@EnabledIfEnvironmentVariable(named = "TULLE_ATTACKS", matches = "1")
final class AttacksTest {
    private static final int READERS = 700;
    private static final int IDLE = 8_100;
    private static final int GREEDY = 80;
    private static final int STREAMS = 100;
    private static final int ANSWER = 100_000;
    private static final int WINDOWS = 23_000; // 336 KiB of frames
    private static final Duration PROMPT =
            Duration.ofSeconds(60); // a verb is a JVM that starts, on a machine that is busy

    @TempDir
    private Path folder;

    private TulleHome tulle;
    private final List<SocketChannel> strangers = new ArrayList<>();
    private long undisturbed; // ms

    @BeforeEach
    void start() throws Exception {
        tulle = new TulleHome(folder);
    }

    @AfterEach
    void stop() throws IOException {
        for (var stranger : strangers) stranger.close();
        tulle.close();
    }

    @Test
    void aControlPlaneServesItsOwnerWhileStrangersHoldWhatTheyCan() throws Exception {
        var control = tulle.start("control", "--api", "127.0.0.1:0", "--listen", "127.0.0.1:0");
        var api = address(TulleHome.awaitLine(control, "dashboard http"));
        var large = new StringBuilder();
        for (int i = 0; i < 400; i++) large.append(route(i));
        var applied = tulle.run(
                "apply",
                "-f",
                Files.writeString(folder.resolve("m.yaml"), large).toString());
        assertEquals(0, applied.exit(), applied::text);

        ownerIsServed("nothing");
        var list = "/apis/networking.istio.io/v1/namespaces/shop/virtualservices";
        strangers(
                READERS,
                api,
                "GET " + list + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000000\r\n\r\n",
                1 << 20);
        ownerIsServed("bodies that do not end");
        strangers(READERS, api, "GET " + list + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".repeat(20), 0);
        ownerIsServed("lists that nobody reads");
        strangers(READERS, api, "GET " + list + "?watch=true HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 0);
        ownerIsServed("watches that nobody reads");
        strangers(IDLE, api, "", 0);
        ownerIsServed("connections that say nothing");

        assertTrue(control.isAlive());
        var again = tulle.run(
                "apply",
                "-f",
                Files.writeString(folder.resolve("n.yaml"), route(1_000)).toString());
        assertEquals(0, again.exit(), again::text);
    }

    private void ownerIsServed(String during) throws Exception {
        var began = System.nanoTime();
        var got = tulle.run("get", "virtualservice", "r7", "-n", "shop");
        var took = Duration.ofNanos(System.nanoTime() - began);
        assertEquals(0, got.exit(), () -> during + ": " + got.text());
        assertTrue(took.compareTo(PROMPT) < 0, during + ": " + took);
        var answered = answeredAtTheSocket();
        if (undisturbed == 0) undisturbed = answered;
        System.out.println("attack: " + during + ": the owner waited " + took.toMillis()
                + " ms for a verb, and for an answer at the Unix socket " + answered + " ms; without attack "
                + undisturbed + " ms");
        assertTrue(answered < 20 * undisturbed + 5_000, during + ": " + answered + " ms at the socket");
    }

    /** The median of nine, in milliseconds: from before the connection until the answer begins. */
    private long answeredAtTheSocket() throws IOException {
        var all = new ArrayList<Long>();
        var socket = UnixDomainSocketAddress.of(tulle.mesh("default").resolve("run/api.sock"));
        var ask = "GET /apis/networking.istio.io/v1/namespaces/shop/virtualservices/r7 HTTP/1.1\r\n"
                + "Host: localhost\r\n\r\n";
        for (int i = 0; i < 9; i++) {
            var began = System.nanoTime();
            try (var owner = SocketChannel.open(socket)) {
                owner.write(ByteBuffer.wrap(ask.getBytes(StandardCharsets.US_ASCII)));
                assertEquals(
                        "HTTP/1.1 200",
                        new String(Channels.newInputStream(owner).readNBytes(12), StandardCharsets.US_ASCII));
            }
            all.add(1 + Duration.ofNanos(System.nanoTime() - began).toMillis());
        }
        all.sort(Comparator.naturalOrder());
        return all.get(4);
    }

    private static String route(int number) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: r%d, namespace: shop}
                spec: {hosts: [h%d], http: [{directResponse: {status: 200, body: {string: "%s"}}}]}
                ---
                """.formatted(number, number, "x".repeat(5_000));
    }

    /** Opens connections, says the same on each, and reads nothing; what the server does not take is not said. */
    private void strangers(int count, InetSocketAddress to, String text, int more) throws IOException {
        var said = text.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            var stranger = SocketChannel.open();
            strangers.add(stranger);
            try {
                stranger.connect(to);
                stranger.configureBlocking(false);
                stranger.write(ByteBuffer.wrap(said));
                if (more > 0) stranger.write(ByteBuffer.allocate(more));
            } catch (IOException refused) {
                // that is an answer too
            }
        }
    }

    @Test
    void aSidecarServesOthersWhileCallersReadNoAnswersAndMoveWindowsByOneByte() throws Exception {
        try (var origin = Origin.start((_, connection) -> connection.ok("x".repeat(ANSWER)))) {
            var config = Files.writeString(folder.resolve("mesh.yaml"), """
                    apiVersion: networking.istio.io/v1
                    kind: ServiceEntry
                    metadata: {name: backend}
                    spec:
                      hosts: [backend.example]
                      resolution: STATIC
                      ports: [{number: 80, name: http}]
                      endpoints: [{address: 127.0.0.1, ports: {http: %d}}]
                    """.formatted(origin.port()));
            var proxy = tulle.start(
                    "proxy", "--config", config.toString(), "--listen", "0=backend.example:80", "--admin", "0");
            var door = address(TulleHome.awaitLine(proxy, "leads to"));
            othersAreServed(door, "nothing");

            for (int i = 0; i < GREEDY; i++) greedy(door, 1 << 30, 0);
            othersAreServed(door, GREEDY + " connections of " + STREAMS + " streams whose answers nobody reads");
            for (int i = 0; i < 4; i++) greedy(door, 0, WINDOWS);
            othersAreServed(door, "windows that move by one byte");

            assertTrue(proxy.isAlive());
        }
    }

    /** HTTP/2 with many streams: windows as wide as said, and then so many frames that open them by one byte. */
    private void greedy(InetSocketAddress door, int window, int crumbs) throws IOException {
        var out = new ByteArrayOutputStream();
        out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(out, 4, 0, 0, setting(window));
        frame(out, 8, 0, 0, number(1 << 30));
        for (int i = 0; i < STREAMS; i++) frame(out, 1, 5, 1 + 2 * i, GET);
        for (int i = 1; i <= crumbs; i++) frame(out, 4, 0, 0, setting(i));
        var caller = SocketChannel.open();
        strangers.add(caller);
        try {
            caller.connect(door);
            caller.write(ByteBuffer.wrap(out.toByteArray()));
        } catch (SocketException sentAway) {
            // rightly so
        }
    }

    /** {@code :method: GET}, {@code :scheme: http}, {@code :path: /} of the static table (RFC 7541), and an authority. */
    private static final byte[] GET = {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x41, 1, 'a'};

    private static byte[] setting(int window) {
        return ByteBuffer.allocate(6).putShort((short) 4).putInt(window).array();
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        out.writeBytes(ByteBuffer.allocate(9)
                .put((byte) 0)
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .array());
        out.writeBytes(payload);
    }

    /** Callers that read are answered, each on a connection of its own; one that is turned away may ask again. */
    private static void othersAreServed(InetSocketAddress door, String during) throws Exception {
        var began = System.nanoTime();
        var turnedAway = 0;
        for (int answered = 0; answered < 20; ) {
            try (var caller = RawSocket.to(door)) {
                var answer = caller.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                        .response();
                if (answer.status() == 200 && answer.body().length() == ANSWER) answered++;
                else turnedAway++;
            } catch (IOException closed) {
                turnedAway++;
            }
            assertTrue(System.nanoTime() - began < PROMPT.toNanos(), during + ": answered " + answered);
        }
        System.out.println("attack: " + during + ": 20 answers in "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms, turned away before " + turnedAway);
    }

    /** The socket that a line names. */
    private static InetSocketAddress address(String line) {
        var found = Pattern.compile("127\\.0\\.0\\.1:([0-9]+)").matcher(line);
        assertTrue(found.find(), line);
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(found.group(1)));
    }
}
