package io.tulle.launch.netns;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuestionTest {
    /** What dig asks for `catalog`, IN A, recursion desired. */
    private static final String CATALOG = "beef 0100 0001 0000 0000 0000 07 636174616c6f67 00 0001 0001";

    private static final InetAddress ADDRESS = InetAddress.ofLiteral("240.0.0.5");

    @Test
    void aNameIsReadAsItWasWritten() {
        assertEquals(Optional.of(new Question("catalog", 1, 25)), Question.read(bytes(CATALOG)));
        var canonical = "0001 0100 0001 0000 0000 0000 04 43617274 04 73686f70 00 001c 0001";
        assertEquals(Optional.of(new Question("Cart.shop", 28, 27)), Question.read(bytes(canonical)));
    }

    @Test
    void theAnswerRepeatsTheQuestionAndHoldsTheAddress() {
        var query = bytes(CATALOG);

        assertArrayEquals(
                bytes(
                        "beef 8580 0001 0001 0000 0000 07 636174616c6f67 00 0001 0001 c00c 0001 0001 0000001e 0004 f0000005"),
                Question.read(query).orElseThrow().answered(query, ADDRESS));
    }

    @Test
    void thereIsNoIpv6AddressAndNoneIsLookedForElsewhere() {
        var query = bytes(CATALOG.replace("00 0001 0001", "00 001c 0001"));

        assertArrayEquals(
                bytes("beef 8580 0001 0000 0000 0000 07 636174616c6f67 00 001c 0001"),
                Question.read(query).orElseThrow().answered(query, ADDRESS));
    }

    @Test
    void whenNobodyCanBeAskedTheAnswerSaysSo() {
        var query = bytes(CATALOG);

        assertArrayEquals(
                bytes("beef 8182 0001 0000 0000 0000 07 636174616c6f67 00 0001 0001"),
                Question.read(query).orElseThrow().failed(query));
    }

    @ParameterizedTest
    @CsvSource({
        "beef", // RFC 1035 section 4.1.1: a header has 12 bytes
        "beef 0100 0001 0000 0000 0000", // no question
        "beef 8180 0001 0000 0000 0000 01 61 00 0001 0001", // an answer, not a question
        "beef 0100 0000 0000 0000 0000 01 61 00 0001 0001", // none asked
        "beef 0100 0002 0000 0000 0000 01 61 00 0001 0001", // two asked
        "beef 0100 0001 0000 0000 0000 01 61 00 0001 0003", // another class than IN
        "beef 0100 0001 0000 0000 0000 3f 61 00 0001 0001", // a label longer than the message
        "beef 0100 0001 0000 0000 0000 c0 0c 00 0001 0001", // a pointer, which a first name cannot be
        "beef 0100 0001 0000 0000 0000 01 61 01 62 00 00", // cut short
        "beef 0100 0001 0000 0000 0000 01 61 01 62 01 63 01 64" // no end
    })
    void whatIsNoPlainQuestionIsNotAnswered(String message) {
        assertEquals(Optional.empty(), Question.read(bytes(message)));
    }

    @Test
    void aNameLongerThanNamesCanBeIsNotAnswered() {
        var label = "3f" + "61".repeat(63);

        assertEquals(
                Optional.empty(),
                Question.read(bytes("beef01000001000000000000" + label.repeat(5) + "00" + "00010001")));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
