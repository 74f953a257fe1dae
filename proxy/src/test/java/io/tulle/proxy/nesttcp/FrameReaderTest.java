package io.tulle.proxy.nesttcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameReaderTest {
    private static final String GOOD = "{\"pattern\":\"é😀\",\"data\":1,\"id\":\"a\"}";

    @Test
    void lengthsCountUtf16UnitsAsJavaScriptDoes() {
        assertEquals(List.of(GOOD, GOOD), readAll(frame(GOOD) + frame(GOOD), 1 << 20, Integer.MAX_VALUE));
    }

    @Test
    void theStreamMayBeCutAnywhere() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        for (var round = 0; round < 200; round++) {
            var text = frame(GOOD) + frame("{}") + frame("{\"x\":\"😀😀\"}");
            assertEquals(
                    List.of(GOOD, "{}", "{\"x\":\"😀😀\"}"),
                    readAll(text, 1 << 20, 1 + random.nextInt(5)),
                    "round " + round);
        }
    }

    @Test
    void aMessageThatIsTooLargeIsReadToItsEndAndTheNextOneIsFine() {
        var large = "{\"data\":\"" + "x".repeat(5000) + "\",\"id\":\"late\"}";
        for (var cut : new int[] {Integer.MAX_VALUE, 100, 7}) {
            try (var reader = new FrameReader(1024)) {
                var frames = new ArrayList<String>();
                for (var piece : pieces(frame(large) + frame(GOOD), cut)) {
                    FrameReader.Frame frame;
                    while ((frame = reader.read(piece, ByteBufAllocator.DEFAULT)) != null) {
                        frames.add((frame.tooLarge() ? "large …" : "") + text(frame.body()));
                        frame.body().release();
                    }
                    piece.release();
                }
                assertEquals(2, frames.size());
                assertTrue(frames.get(0).startsWith("large …") && frames.get(0).endsWith("\"id\":\"late\"}"));
                assertTrue(frames.get(0).length() < 1100, "only the end is kept");
                assertEquals(GOOD, frames.get(1));
            }
        }
    }

    /** What Nest's parseInt would accept or hang on; and first bytes of protocols that come to the wrong port. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "38zz#{}",
                " 2#{}",
                "+2#{}",
                "-2#{}",
                "2.0#{}",
                "2e0#{}",
                "0x2#{}",
                "#{}",
                "1234567890#{}",
                "2 #{}",
                "\n2#{}",
                "２#{}",
                "GET / HTTP/1.1\r\n",
                "PRI * HTTP/2.0",
                "\u0016\u0003\u0001",
                "{\"pattern\":1}",
                "\0002#{}",
                "2\r\n#{}"
            })
    void aLengthIsOneToNineDigitsAndNothingElse(String bytes) {
        assertEquals(NestTcpCode.BAD_LENGTH, refused(bytes.getBytes(StandardCharsets.UTF_8)));
    }

    /** Malformed UTF-8 by RFC 3629 and Unicode's table 3-7, each in a frame that would otherwise be complete. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "bf",
                "c080",
                "c1bf",
                "e08080",
                "e09fbf",
                "eda080",
                "edbfbf",
                "f0808080",
                "f08fbfbf",
                "f4908080",
                "f5808080",
                "ff",
                "c241",
                "e28241",
                "f09f9841"
            })
    void bytesThatAreNotUtf8AreRefused(String hex) {
        var body = new byte[hex.length() / 2];
        for (var i = 0; i < body.length; i++) body[i] = (byte) Integer.parseInt(hex, i * 2, i * 2 + 2, 16);
        var frame = Unpooled.wrappedBuffer("9#".getBytes(StandardCharsets.US_ASCII), body);
        var bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        assertEquals(NestTcpCode.BAD_UTF8, refused(bytes));
    }

    @Test
    void aLengthThatEndsInsideACharacterIsRefused() {
        assertEquals(NestTcpCode.BAD_LENGTH, refused("1#😀".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void itKnowsWhetherAMessageHasBegun() {
        try (var reader = new FrameReader(100)) {
            assertFalse(reader.isMidway());
            assertNull(reader.read(Unpooled.copiedBuffer("1", StandardCharsets.UTF_8), ByteBufAllocator.DEFAULT));
            assertTrue(reader.isMidway());
        }
    }

    private static NestTcpCode refused(byte[] bytes) {
        try (var reader = new FrameReader(100)) {
            return assertThrows(
                            MalformedMessage.class,
                            () -> reader.read(Unpooled.wrappedBuffer(bytes), ByteBufAllocator.DEFAULT))
                    .code();
        }
    }

    private static List<String> readAll(String text, int maxBytes, int cut) {
        var messages = new ArrayList<String>();
        try (var reader = new FrameReader(maxBytes)) {
            for (var piece : pieces(text, cut)) {
                FrameReader.Frame frame;
                while ((frame = reader.read(piece, ByteBufAllocator.DEFAULT)) != null) {
                    messages.add(text(frame.body()));
                    frame.body().release();
                }
                piece.release();
            }
        }
        return messages;
    }

    private static List<ByteBuf> pieces(String text, int size) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var pieces = new ArrayList<ByteBuf>();
        for (var at = 0; at < bytes.length; at += Math.min(size, bytes.length - at)) {
            pieces.add(Unpooled.copiedBuffer(bytes, at, Math.min(size, bytes.length - at)));
        }
        return pieces;
    }

    private static String frame(String json) {
        var frame = Frames.of(ByteBufAllocator.DEFAULT, json);
        try {
            return text(frame);
        } finally {
            frame.release();
        }
    }

    private static String text(ByteBuf bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
