package io.tulle.labs.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {
    private final AnswerReader reader = new AnswerReader(false, true);

    private boolean take(String bytes) throws Malformed {
        return reader.take(ByteBuffer.wrap(bytes.getBytes(ISO_8859_1)));
    }

    @Test
    void chunksAreJoinedHoweverTheyArrive() throws Malformed {
        var answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\nx-a: 2\r\n\r\n"
                + "5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nX-Sum: 7\r\n\r\n";
        for (var octet : answer.substring(0, answer.length() - 1).split("")) assertFalse(take(octet));
        assertTrue(take("\n"));
        assertEquals("hello world", reader.body());
        assertEquals("1, 2", reader.headers().get("x-a"));
        assertEquals("7", reader.headers().get("x-sum"));
        assertTrue(reader.keepsOpen());
    }

    @Test
    void anInterimAnswerIsNotTheAnswer() throws Malformed {
        assertTrue(take("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 204 \r\n\r\n"));
        assertEquals(204, reader.status());
        assertFalse(reader.headers().containsKey("link"));
    }

    @Test
    void withoutALengthTheEndOfTheStreamIsTheEnd() throws Malformed {
        assertFalse(take("HTTP/1.1 200 OK\r\n\r\nall"));
        assertTrue(reader.endOfStream());
        assertFalse(reader.keepsOpen());
        assertEquals("all", reader.body());
    }

    @Test
    void aHeadHasNoBodyWhateverItsLengthSays() throws Malformed {
        var head = new AnswerReader(true, true);
        assertTrue(head.take(ByteBuffer.wrap("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n".getBytes(ISO_8859_1))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.0 200 OK\r\n",
                "HTTP/1.1 200 OK\n",
                "HTTP/1.1 20 OK\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n",
                "HTTP/1.1 200 OK\r\nname : value\r\n",
                "HTTP/1.1 200 OK\r\n folded\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n"
            })
    void whatIsNotHttpIsNotTakenForAnAnswer(String bytes) {
        assertThrows(Malformed.class, () -> take(bytes));
    }
}
