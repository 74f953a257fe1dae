package io.tulle.launch.hook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.launch.process.Application;
import io.tulle.launch.process.Console;
import io.tulle.launch.process.RunDirectory;
import io.tulle.model.Protocol;
import io.tulle.model.world.ServicePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HookDeskTest {
    private static final String SECRET = "ab".repeat(32);
    private static final String HELLO =
            "{\"hello\":1,\"version\":\"1.0\",\"pid\":7,\"node\":\"v20\",\"secret\":\"" + SECRET + "\"}";
    private static final String LISTEN =
            "{\"listen\":{\"id\":\"1\",\"port\":4000,\"actual\":{\"host\":\"127.0.0.1\",\"port\":43210}}}";

    @TempDir
    private Path folder;

    private final BlockingQueue<Map<Integer, InetSocketAddress>> changes = new LinkedBlockingQueue<>();
    private HookDesk desk;

    @BeforeEach
    void open() {
        desk = HookDesk.open(folder.resolve("h"), new HookDesk.Settings("1.0", SECRET), changes::add);
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void aHookHearsTheTableAndEveryChangeOfIt() throws IOException {
        try (var hook = new Client()) {
            hook.say(HELLO);
            assertEquals("{\"hello\":1,\"version\":\"1.0\"}", hook.hear());
            assertTrue(hook.hear().contains("\"names\":{}"));

            desk.publish(new HookTable(
                    new TreeMap<>(Map.of("cart", "cart.shop.tulle")),
                    new TreeMap<>(Map.of(
                            "cart.shop.tulle",
                            new HookTable.Service(new TreeMap<>(Map.of(4000, Protocol.NEST_TCP)), true))),
                    new TreeMap<>()));

            var table = hook.hear();
            assertTrue(table.contains("\"names\":{\"cart\":\"cart.shop.tulle\"}"), table);
            assertTrue(table.contains("\"ports\":[4000]") && table.contains("\"4000\":\"nest-tcp\""), table);
        }
    }

    @Test
    void itKnowsWhereTheApplicationListensUntilTheProcessEnds() throws Exception {
        try (var hook = new Client()) {
            hook.say(HELLO);
            hook.say(LISTEN);
            assertEquals(Map.of(4000, new InetSocketAddress("127.0.0.1", 43210)), change());
            assertEquals(43210, desk.portOf(4000).orElseThrow().getPort());
        }
        assertEquals(Map.of(), change());
    }

    @Test
    void whatWasToldLastIsTheLatestWhoeverIsStillBusyWithTheChangeBefore() throws Exception {
        var busy = new CountDownLatch(1);
        var free = new CountDownLatch(1);
        desk.close();
        Files.delete(folder.resolve("h"));
        desk = HookDesk.open(folder.resolve("h"), new HookDesk.Settings("1.0", SECRET), at -> {
            if (at.size() == 1) {
                busy.countDown();
                await(free);
            }
            changes.add(at);
        });
        try (var one = new Client();
                var other = new Client();
                var third = new Client()) {
            one.say(HELLO);
            one.say(LISTEN);
            await(busy);
            other.say(HELLO);
            other.say(LISTEN.replace("4000", "5000"));
            while (desk.portOf(5000).isEmpty()) Thread.onSpinWait();
            third.say(HELLO); // time enough to tell, where nobody waits for his turn
            third.hear();
            third.hear();
            free.countDown();

            assertEquals(Set.of(4000), change().keySet());
            assertEquals(Set.of(4000, 5000), change().keySet());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aPortThatIsClosedIsGone() throws Exception {
        try (var hook = new Client()) {
            hook.say(HELLO);
            hook.say(LISTEN);
            change();
            hook.say("{\"unlisten\":{\"id\":\"1\"}}");
            assertEquals(Map.of(), change());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1",
                "{}",
                "[]",
                "{\"hello\":2,\"version\":\"1.0\",\"secret\":\"x\"}",
                "{\"hello\":1,\"version\":\"1.0\"}",
                "{\"hello\":1,\"version\":\"1.0\",\"secret\":\"cd\"}",
                "{\"hello\":1,\"hello\":1}",
            })
    void whoeverDoesNotKnowTheSecretIsSentAwayWithAReason(String line) throws IOException {
        try (var stranger = new Client()) {
            stranger.say(line);
            var answer = stranger.hear();
            assertTrue(answer.contains("\"refused\"") && answer.contains("TUL211"), answer);
            assertFalse(answer.contains(SECRET));
            assertNull(stranger.hear());
        }
        aHookHearsTheTableAndEveryChangeOfIt();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "{\"listen\":{\"id\":\"1\",\"port\":4000}}",
                "{\"listen\":{\"port\":4000,\"actual\":{\"port\":1}}}",
                "{\"listen\":{\"id\":\"1\",\"port\":4000,\"actual\":{\"port\":70000}}}",
                "{\"listen\":{\"id\":\"1\",\"port\":4000,\"actual\":{\"host\":\"10.0.0.1\",\"port\":80}}}",
                "{\"listen\":{\"id\":\"1\",\"port\":4000,\"actual\":{\"host\":\"example.com\",\"port\":80}}}",
            })
    void aLineThatCannotBeTrueEndsTheConversation(String line) throws IOException {
        try (var hook = new Client()) {
            hook.say(HELLO);
            hook.hear();
            hook.hear();
            hook.say(line);
            assertTrue(hook.hear().contains("TUL2113"));
        }
    }

    @Test
    void aHookOfAnotherVersionIsToldWhichIsWhich() throws IOException {
        try (var hook = new Client()) {
            hook.say(HELLO.replace("1.0", "0.9"));
            var answer = hook.hear();
            assertTrue(answer.contains("the hook is 0.9, the sidecar 1.0"), answer);
        }
    }

    @Test
    void theRealHookFindsItsSettingsAndReports() throws Exception {
        var run = RunDirectory.create(folder.resolve("a run"));
        var settings = new HookDesk.Settings("0.1.0", SECRET);
        try (var own = HookDesk.open(run.path().resolve(HookFile.CONTROL), settings, changes::add)) {
            var variables = HookFile.write(
                    run,
                    settings,
                    new HookFile.Owner("cart-1", "shop", List.of(new ServicePort(4000, Protocol.TCP))),
                    HookTable.EMPTY,
                    Map.of());
            var script = "require('net').createServer().listen(4000, function () {"
                    + " console.log(this.address().port); process.stdin.resume(); })";
            try (var application = Application.start(
                    new Application.Command(List.of("node", "-e", script), folder, variables),
                    run,
                    new Console.Piped())) {
                var there = change().get(4000);
                assertTrue(there.getAddress().isLoopbackAddress() && there.getPort() != 4000);
                assertEquals("4000", application.process().inputReader().readLine(), "as without a mesh");
                application.signal("KILL");
                assertEquals(Map.of(), change());
            }
        }
    }

    private Map<Integer, InetSocketAddress> change() throws InterruptedException {
        var change = changes.poll(20, TimeUnit.SECONDS);
        assertTrue(change != null, "no change was heard");
        return change;
    }

    private final class Client implements AutoCloseable {
        private final SocketChannel channel;
        private final BufferedReader in;

        Client() throws IOException {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("h")));
            in = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), UTF_8));
        }

        void say(String line) throws IOException {
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(UTF_8)));
        }

        String hear() throws IOException {
            return in.readLine();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
