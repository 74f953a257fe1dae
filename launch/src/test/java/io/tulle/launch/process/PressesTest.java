package io.tulle.launch.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.launch.process.Presses.Press;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class PressesTest {
    private Instant now = Instant.EPOCH;
    private final Presses presses = new Presses(() -> now);

    @Test
    void aSignalThatComesTwiceWithinASecondIsOne() {
        assertEquals(Press.FIRST, presses.press());
        now = now.plusMillis(999);
        assertEquals(Press.SAME, presses.press());
        now = now.plusMillis(1);
        assertEquals(Press.AGAIN, presses.press());
    }

    @Test
    void aKeyIsPressedByAPersonHoweverSoon() {
        assertEquals(Press.FIRST, presses.key());
        assertEquals(Press.AGAIN, presses.key());
    }

    @Test
    void aClockThatIsSetBackKeepsNobodyFromEndingIt() {
        presses.press();
        now = now.minusSeconds(100);
        assertEquals(Press.AGAIN, presses.press());
    }
}
