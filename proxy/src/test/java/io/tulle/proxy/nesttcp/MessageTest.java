package io.tulle.proxy.nesttcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageTest {
    @Test
    void aRequestHasAnIdAndAnEventHasNone() {
        assertFalse(read("{\"pattern\":\"a\",\"data\":{\"id\":1},\"id\":\"x\"}").isEvent());
        assertEquals(
                "\"x\"",
                read("{\"pattern\":\"a\",\"data\":{\"id\":1},\"id\":\"x\"}").id());
        assertTrue(read("{\"pattern\":\"a\",\"data\":{\"id\":1}}").isEvent());
    }

    @Test
    void anEscapedKeyIsTheSameKey() {
        assertEquals(
                "/admin",
                read("{\"p\\u0061ttern\":\"admin\"}").canonicalPattern().path());
    }

    @Test
    void aReplyIsTheLastWhenDisposedOrFailed() {
        assertTrue(read("{\"response\":1,\"isDisposed\":true,\"id\":\"x\"}").isLast());
        assertTrue(read("{\"err\":{\"message\":\"no\"},\"id\":\"x\"}").isLast());
        assertFalse(read("{\"response\":1,\"id\":\"x\"}").isLast());
        assertFalse(read("{\"response\":1,\"err\":null,\"isDisposed\":false,\"id\":\"x\"}")
                .isLast());
    }

    /** JSON that RFC 8259 forbids, after the cases of the public JSONTestSuite; and keys that two readers see differently. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "1",
                "\"x\"",
                "null",
                "{",
                "{}x",
                "{\"a\"}",
                "{\"a\":}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":1,}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":1e}",
                "{\"a\":NaN}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x41\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"",
                "{\"a\":[1,]}",
                "{\"a\":tru}",
                "\uFEFF{}",
                "{\"pattern\":\"a\",\"pattern\":\"b\"}",
                "{\"pattern\":\"a\",\"p\\u0061ttern\":\"b\"}"
            })
    void whatIsNotOneJsonObjectIsRefused(String text) {
        assertEquals(
                NestTcpCode.BAD_JSON,
                assertThrows(MalformedMessage.class, () -> read(text)).code());
    }

    @Test
    void depthIsBounded() {
        var deep = "{\"data\":" + "[".repeat(300) + "]".repeat(300) + "}";
        assertThrows(MalformedMessage.class, () -> read(deep));
    }

    private static Message read(String text) {
        return Message.read(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }
}
