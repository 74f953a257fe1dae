package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.testkit.NestOrigin;
import io.tulle.testkit.NestSocket;
import io.tulle.testkit.NoLeaks;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.WireSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** What no honest client sends: refused with a code, never forwarded, and the next client is served. */
@ExtendWith(NoLeaks.class)
class NestTcpHostileTest {
    private static final String NEST = "Nest 12 ";

    /**
     * @param source where the reading that it plays on comes from
     * @param answered whether the connection lives on, since the message's end was known
     */
    private record Attack(String name, String source, String bytes, String code, boolean answered) {}

    private static Attack closed(String name, String source, String bytes, String code) {
        return new Attack(name, source, bytes, code, false);
    }

    private static Attack answered(String name, String source, String pattern, String code) {
        var json = "{\"pattern\":" + pattern + ",\"data\":1,\"id\":\"h\"}";
        return new Attack(name, source, json.length() + "#" + json, code, true);
    }

    private static String framed(String json) {
        return json.length() + "#" + json;
    }

    private static String withId(String id) {
        return framed("{\"pattern\":\"sum\",\"data\":1,\"id\":" + id + "}");
    }

    private static final List<Attack> ATTACKS = List.of(
            closed("letters behind the length", NEST + "JsonSocket: parseInt", "2zz#{}", "TUL1801"),
            closed("a sign", NEST + "JsonSocket: parseInt", "+2#{}", "TUL1801"),
            closed("a space", NEST + "JsonSocket: parseInt", " 2#{}", "TUL1801"),
            closed("a fraction", NEST + "JsonSocket: parseInt", "2.9#{}", "TUL1801"),
            closed("a negative length", NEST + "JsonSocket: parseInt", "-1#{}", "TUL1801"),
            closed("no length", NEST + "JsonSocket: parseInt", "#{}", "TUL1801"),
            closed("ten digits", NEST + "JsonSocket: maxBufferSize", "1000000000#{}", "TUL1801"),
            closed("hexadecimal", NEST + "JsonSocket: parseInt", "0x2#{}", "TUL1801"),
            closed("a length inside a character", "RFC 3629 section 3", "1#\u00f0\u009f\u0098\u0080", "TUL1801"),
            closed("an overlong form", "RFC 3629 section 3", "2#\u00c0\u00af", "TUL1802"),
            closed("a surrogate in UTF-8", "RFC 3629 section 3", "1#\u00ed\u00a0\u0080", "TUL1802"),
            closed("past U+10FFFF", "RFC 3629 section 3", "2#\u00f4\u0090\u0080\u0080", "TUL1802"),
            closed("an empty message", "RFC 8259 section 2", "0#", "TUL1803"),
            closed("an array", NEST + "ServerTCP: packet.pattern", framed("[1]"), "TUL1803"),
            closed("null", NEST + "ServerTCP: packet.pattern", framed("null"), "TUL1803"),
            closed("two values", "RFC 8259 section 2", framed("{}{}"), "TUL1803"),
            closed("a comma too many", "RFC 8259 section 4", framed("{\"pattern\":\"a\",}"), "TUL1803"),
            closed(
                    "a key twice",
                    "RFC 8259 section 4; Nest takes the last",
                    framed("{\"pattern\":\"a\",\"pattern\":\"b\",\"id\":\"h\"}"),
                    "TUL1803"),
            closed(
                    "a key twice, escaped",
                    "RFC 8259 section 8.3",
                    framed("{\"pattern\":\"a\",\"p\\u0061ttern\":\"b\",\"id\":\"h\"}"),
                    "TUL1803"),
            closed("the id twice", "RFC 8259 section 4", framed("{\"pattern\":\"a\",\"id\":1,\"id\":2}"), "TUL1803"),
            closed(
                    "nested without end",
                    "RFC 8259 section 9",
                    framed("{\"data\":" + "[".repeat(5000) + "]".repeat(5000) + "}"),
                    "TUL1803"),
            closed("an object as id", NEST + "ServerTCP: packet.id is echoed", withId("{}"), "TUL1807"),
            closed("null as id", NEST + "ServerTCP: isUndefined(packet.id)", withId("null"), "TUL1807"),
            closed("an infinite id", "ECMA-262 JSON.stringify: null", withId("1e999"), "TUL1807"),
            closed("a long id", "our limit", withId("\"" + "i".repeat(300) + "\""), "TUL1807"),
            answered("a number word", NEST + "transformPatternToRoute", "true", "TUL1805"),
            answered("null as pattern", NEST + "transformPatternToRoute", "null", "TUL1805"),
            answered("too deep", NEST + "MAX_DEPTH_REACHED", "{\"a\":".repeat(8) + "1" + "}".repeat(8), "TUL1805"),
            answered("too many keys", NEST + "TOO_MANY_KEYS", keys(21), "TUL1805"),
            answered("a quote in a value", "Nest 11 routes without escapes", "{\"a\":\"b\\\",\\\"c\"}", "TUL1805"),
            answered("a repeated key in the pattern", "RFC 8259 section 4", "{\"a\":1,\"a\":2}", "TUL1805"),
            answered("half a surrogate pair", "ECMA-262 JSON.parse", "\"\\ud800\"", "TUL1805"),
            answered(
                    "JSON inside JSON inside JSON",
                    NEST + "getPatternAsString",
                    "\"\\\"\\\\\\\"a\\\\\\\"\\\"\"",
                    "TUL1805"));

    private static String keys(int count) {
        return Stream.iterate(1, i -> i + 1)
                .limit(count)
                .map(i -> "\"k" + i + "\":1")
                .collect(java.util.stream.Collectors.joining(",", "{", "}"));
    }

    @TestFactory
    Stream<DynamicTest> isRefused() {
        return ATTACKS.stream().map(attack -> DynamicTest.dynamicTest(attack.name(), () -> isRefused(attack)));
    }

    private static void isRefused(Attack attack) throws Exception {
        try (var origin = NestOrigin.saying("good");
                var fleet = new Fleet()) {
            var proxy = fleet.alone(
                    SidecarSettings.DEFAULT,
                    Fleet.door(new WireSpec.NestTcp("routes", List.of())),
                    Fleet.cluster("c", ConnectionLimits.DEFAULT, Protocol.NEST_TCP, origin.port()),
                    Fleet.table(RouteSpec.toCluster("all", "c")));
            try (var client = NestSocket.to(Fleet.at(proxy))) {
                client.raw(attack.bytes().getBytes(StandardCharsets.ISO_8859_1));
                if (attack.answered()) {
                    var reply = client.next();
                    assertTrue(reply.contains(attack.code()) && reply.endsWith("\"id\":\"h\"}"), reply);
                } else {
                    assertTrue(client.isClosedByPeer(), attack.source());
                }
            }
            assertTrue(fleet.nextReport().outcome().detail().contains(attack.code()), attack.source());
            assertEquals(List.of(), origin.messages());
            try (var client = NestSocket.to(Fleet.at(proxy))) {
                client.send("{\"pattern\":\"sum\",\"data\":1,\"id\":\"g\"}");
                assertEquals(NestOrigin.reply("\"good\"", "\"g\""), client.next());
            }
        }
    }
}
