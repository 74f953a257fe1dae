package io.tulle.proxy.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.Unpooled;
import io.tulle.proxy.relay.Requests.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsTest {
    private static Verdict read(String text) {
        return Requests.read(Unpooled.wrappedBuffer(text.getBytes(ISO_8859_1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "POST /a?b=c HTTP/1.0\r\nhost: a",
                "OPTIONS * HTTP/1.1\r\n",
                "CONNECT a:1 HTTP/1.1\r\n",
                "GET http://a/ HTTP/",
                "GET / HTTP/9.9",
                "PRI * HTTP/2.0\r\n\r\nSM"
            })
    void aMethodATargetAndAVersionMakeARequest(String text) {
        assertEquals(Verdict.REQUEST, read(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET foo\r\n",
                "GET foo\n",
                "GET  / HTTP/1.1\r\n",
                "GET\t/ HTTP/1.1\r\n",
                "GE\u0001\u0002",
                "GE ",
                "get / HTTP/1.1\r\n",
                "FETCH / HTTP/1.1\r\n",
                "OPTIONS rtsp://camera/1 RTSP/1.0\r\n",
                "OPTIONS sip:ann@a SIP/2.0\r\n",
                "INVITE sip:ann@a SIP/2.0\r\n",
                "DESCRIBE rtsp://camera/1 RTSP/1.0\r\n",
                "GET / \u0001",
                "GET /\u00ff HTTP/1.1",
                "\r\n",
                "*1\r\n$4"
            })
    void anythingElseIsBytes(String text) {
        assertEquals(Verdict.BYTES, read(text));
    }

    @Test
    void whatCouldBecomeEitherIsOpen() {
        var request = "OPTIONS /a HTTP/";
        for (int i = 0; i < request.length(); i++) assertEquals(Verdict.OPEN, read(request.substring(0, i)));
        assertEquals(Verdict.REQUEST, read(request));
    }

    @Test
    void aLineWithoutAnEndIsNotHeldForEver() {
        assertEquals(Verdict.OPEN, read("GET /" + "a".repeat(1000)));
        assertEquals(Verdict.REQUEST, read("GET /" + "a".repeat(17_000)));
    }
}
