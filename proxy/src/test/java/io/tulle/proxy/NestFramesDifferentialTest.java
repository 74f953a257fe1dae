package io.tulle.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.testkit.NestSocket;
import io.tulle.testkit.NoLeaks;
import io.tulle.testkit.RealNest;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.WireSpec;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The same bytes sent to a real Nest server directly and through a proxy. What is well formed has the same effect; of what is
 * not, the application hears through the proxy at most the beginning of what it would have heard without, never anything
 * else.
 */
@ExtendWith(NoLeaks.class)
class NestFramesDifferentialTest {
    private static final List<String> PATTERNS = List.of("\"sum\"", "{\"cmd\":\"sum\"}", "\"é😀\"", "\"admin\"");
    private static final String CHANGED = "0123456789#{}[]\":,\\é \n+-eE.";
    private static final String LAST = "{\"pattern\":\"sum\",\"data\":\"last\",\"id\":\"last\"}";

    private static RealNest nest;
    private static Fleet fleet;
    private static SocketAddress proxied;

    @BeforeAll
    static void start() throws Exception {
        nest = RealNest.start(PATTERNS);
        fleet = new Fleet();
        var proxy = fleet.alone(
                SidecarSettings.DEFAULT,
                Fleet.door(new WireSpec.NestTcp("routes", List.of())),
                Fleet.cluster("c", ConnectionLimits.DEFAULT, Protocol.NEST_TCP, nest.port()),
                Fleet.table(RouteSpec.toCluster("all", "c")));
        proxied = Fleet.at(proxy);
    }

    @AfterAll
    static void stop() throws IOException {
        fleet.close();
        nest.close();
    }

    /** What came of some bytes: the answers, and what the handlers were called with. */
    private record Effect(List<String> answers, List<String> calls) {}

    /** Sends the bytes in pieces and a last call, and hears everything up to that one's answer or the connection's end. */
    private static Effect of(SocketAddress address, String first, byte[] bytes, Random cuts) throws IOException {
        var answers = new ArrayList<String>();
        try (var socket = NestSocket.to(address)) {
            if (!first.isEmpty()) answers.add(socket.send(first).next());
            for (var at = 0; at < bytes.length; ) {
                var size = Math.min(bytes.length - at, 1 + cuts.nextInt(cuts.nextInt(4) == 0 ? 3 : 200));
                socket.raw(Arrays.copyOfRange(bytes, at, at + size));
                at += size;
            }
            socket.send(LAST);
            // Nest may still wait for the rest of a frame: then this ends it. It answers first what it has read.
            if (address.equals(nest.address())) socket.endOutput();
            while (answers.stream().noneMatch(a -> a.endsWith("\"id\":\"last\"}"))) answers.add(socket.next());
        } catch (EOFException | SocketException closed) {
            answers.add("closed");
        }
        return new Effect(answers, calls(nest.seen()));
    }

    private static List<String> calls(String seen) {
        var list = seen.substring(seen.indexOf('[') + 1, seen.lastIndexOf("],"));
        if (list.isEmpty()) return List.of();
        return List.of(list.split(",(?=\\{\"handler\")"));
    }

    private static String framed(String json) {
        return json.length() + "#" + json;
    }

    private static String call(String pattern, String data, String id) {
        return framed("{\"pattern\":" + pattern + ",\"data\":" + data + ",\"id\":" + id + "}");
    }

    private static String event(String data) {
        return framed("{\"pattern\":\"told\",\"data\":" + data + "}");
    }

    /** Well formed. */
    private static final List<String> GOOD = List.of(
            call("\"sum\"", "1", "\"a\""),
            call("\"sum\"", "\"é😀ß\"", "\"a\""),
            call("\"é😀\"", "\"x\"", "7"),
            call("{\"cmd\":\"sum\"}", "{\"k\":[1,2,{\"é\":\"😀\"}]}", "\"é\""),
            call("\"{\\\"cmd\\\":\\\"sum\\\"}\"", "null", "\"a\""),
            call("{ \"cmd\" : \"s\\u0075m\" }", "0.10", "\"a\""),
            call("\"sum\"", "1", "\"a\"") + call("\"admin\"", "2", "\"b\"") + call("{\"cmd\":\"sum\"}", "3", "\"c\""),
            event("1") + event("2") + call("\"sum\"", "3", "\"a\"") + event("4"),
            framed("{\"id\":\"a\",\"data\":{\"pattern\":\"admin\",\"id\":\"z\"},\"pattern\":\"sum\"}"),
            framed("{\"pattern\":\"sum\",\"id\":\"a\"}"),
            framed(" {\"pattern\":\"sum\",\n\"data\":\t1 ,\"id\":\"a\"} "),
            framed("{\"pattern\":\"sum\",\"data\":\"\\ud800\",\"id\":\"a\"}"),
            framed("{\"pattern\":\"sum\",\"data\":\"\\ud83d\\ude00\\n\\u0000\",\"id\":\"\\u0061\"}"),
            framed("{\"pattern\":\"sum\",\"data\":1,\"id\":1.50,\"metadata\":{\"x\":\"y\"},\"more\":[true,false]}"),
            framed("{\"pattern\":\"sum\",\"data\":\"" + "é".repeat(70_000) + "\",\"id\":\"a\"}"),
            "00" + framed("{\"pattern\":\"sum\",\"data\":1,\"id\":\"a\"}"),
            call("\"nobody\"", "1", "\"a\""),
            call("{\"cmd\":\"nobody\"}", "1", "\"a\""));

    private static final List<String> ONE_CALL = GOOD.subList(0, 6);

    @TestFactory
    Stream<DynamicTest> whatIsWellFormedHasTheSameEffect() {
        return IntStream.range(0, GOOD.size())
                .boxed()
                .map(i -> DynamicTest.dynamicTest("stream " + i, () -> {
                    var bytes = GOOD.get(i).getBytes(UTF_8);
                    var direct = of(nest.address(), "", bytes, new Random(i));
                    assertEquals(direct, of(proxied, "", bytes, new Random(i)));
                    assertEquals(direct, of(proxied, "", bytes, new Random(i + 1000)));
                }));
    }

    /** Bytes that two readers may read differently, each in front of a call that is well formed. Latin-1 stands for bytes. */
    private static final List<String> ODD = List.of(
            " 40#",
            "+40#",
            "40zz#",
            "4e1#",
            "40.9#",
            "-1#",
            "0x28#",
            "#",
            "\u0000",
            "\r\n",
            "0#",
            "1#1",
            "2#{}",
            "2#[]",
            "4#null",
            "4#true",
            "2#\"\"",
            framed("{\"pattern\":\"sum\",\"data\":1}"),
            framed("{\"data\":1,\"id\":\"o\"}"),
            framed("{\"pattern\":\"sum\",\"pattern\":\"admin\",\"data\":1,\"id\":\"o\"}"),
            framed("{\"pattern\":\"sum\",\"p\\u0061ttern\":\"admin\",\"data\":1,\"id\":\"o\"}"),
            framed("{\"pattern\":\"sum\",\"data\":1,\"data\":2,\"id\":\"o\"}"),
            framed("{\"pattern\":\"sum\",\"data\":1,\"id\":\"o\",\"id\":\"p\"}"),
            framed("{\"pattern\":\"sum\",\"data\":1,\"id\":null}"),
            framed("{\"pattern\":\"sum\",\"data\":1,\"id\":{}}"),
            framed("{\"pattern\":\"sum\",\"data\":01,\"id\":\"o\"}"),
            framed("{\"pattern\":\"sum\",\"data\":NaN,\"id\":\"o\"}"),
            framed("{\"pattern\":\"sum\",\"data\":'1',\"id\":\"o\"}"),
            framed("{\"pattern\":\"sum\",\"data\":1,\"id\":\"o\",}"),
            framed("{\"pattern\":\"sum\",\"data\":1,\"id\":\"o\"}//"),
            framed("{\"pattern\":\"sum\",\"data\":\"\t\",\"id\":\"o\"}"),
            framed("{\"pattern\":\"sum\",\"data\":\"\\x\",\"id\":\"o\"}"),
            framed("{\"pattern\":\"sum\",\"data\":\"\\u12\",\"id\":\"o\"}"),
            framed("{\"__proto__\":{\"pattern\":\"admin\"},\"data\":1,\"id\":\"o\"}"),
            framed("{\"pattern\":\"sum\",\"__proto__\":{\"pattern\":\"admin\"},\"data\":1,\"id\":\"o\"}"),
            framed("{\"pattern\":true,\"data\":1,\"id\":\"o\"}"),
            framed("{\"pattern\":null,\"data\":1,\"id\":\"o\"}"),
            framed("{\"pattern\":\"\\ud800\",\"data\":1,\"id\":\"o\"}"),
            framed("{\"pattern\":\"sum\",\"data\":1,\"id\":1e400}"),
            framed("{\"pattern\":\"sum\",\"data\":" + "[".repeat(300) + "]".repeat(300) + ",\"id\":\"o\"}"),
            framed("{\"pattern\":" + "[".repeat(300) + "]".repeat(300) + ",\"data\":1,\"id\":\"o\"}"),
            "\u00ef\u00bb\u00bf" + framed("{\"pattern\":\"sum\",\"data\":1,\"id\":\"o\"}"),
            "41#" + "{\"pattern\":\"sum\",\"data\":\"\u00c0\u00af\",\"id\":\"o\"}",
            "40#" + "{\"pattern\":\"sum\",\"data\":\"\u00ed\u00a0\u0080\",\"id\":\"o\"}",
            "40#" + "{\"pattern\":\"sum\",\"data\":\"\u00ff\",\"id\":\"o\"}",
            // Counted in bytes, as careless clients do: Nest reads on into what follows.
            "40#" + "{\"pattern\":\"sum\",\"data\":\"\u00c3\u00a9\",\"id\":\"o\"}",
            "39#" + "{\"pattern\":\"sum\",\"data\":\"\u00f0\u009f\u0098\u0080\",\"id\":\"o\"}",
            "GET / HTTP/1.1\r\nHost: a#b\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000#");

    @TestFactory
    Stream<DynamicTest> ofWhatIsNotWellFormedOnlyTheBeginningIsHeard() {
        return IntStream.range(0, ODD.size())
                .boxed()
                .map(i -> DynamicTest.dynamicTest("stream " + i, () -> {
                    // Answered before the rest is sent, so that nothing is on its way when the connection is cut.
                    judge(
                            "{\"pattern\":\"sum\",\"data\":\"first\",\"id\":1}",
                            ODD.get(i).getBytes(ISO_8859_1),
                            new Random(i));
                }));
    }

    @Test
    void goodStreamsWithOneByteChangedAreNeverHeardAsSomethingElse() throws IOException {
        var random = new Random(20261122);
        for (var i = 0; i < 300; i++) {
            var bytes = ONE_CALL.get(random.nextInt(ONE_CALL.size())).getBytes(UTF_8);
            var at = random.nextInt(Math.min(bytes.length, 60));
            bytes[at] = (byte) CHANGED.charAt(random.nextInt(CHANGED.length()));
            // Nothing but a client that waits shows that a frame is still open; those take no part.
            if (opensALongFrame(bytes)) continue;
            judge("", bytes, random);
        }
    }

    private static boolean opensALongFrame(byte[] bytes) {
        var text = new String(bytes, UTF_8);
        var digits = text.substring(0, Math.max(0, text.indexOf('#')));
        return !digits.matches("\\d{1,9}") || Integer.parseInt(digits) > text.length() - digits.length() - 1;
    }

    private static void judge(String first, byte[] bytes, Random random) throws IOException {
        var seed = random.nextLong();
        var direct = of(nest.address(), first, bytes, new Random(seed));
        var through = of(proxied, first, bytes, new Random(seed));
        Supplier<String> what = () -> new String(bytes, UTF_8) + "\ndirect  " + direct + "\nthrough " + through;
        var refused = through.answers().stream().anyMatch(a -> a.equals("closed") || a.contains("TUL18"));
        if (!refused) {
            assertEquals(direct, through, what);
            return;
        }
        var heard = new ArrayList<>(direct.calls());
        for (var call : through.calls()) {
            // A message that was answered in the application's place is left out; the order of the rest stays.
            while (!heard.isEmpty() && !heard.getFirst().equals(call)) heard.removeFirst();
            assertTrue(!heard.isEmpty(), what);
            heard.removeFirst();
        }
    }
}
