package io.tulle.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.xds.XdsCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToldTest {
    private final List<String> said = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private final Told told = new Told(() -> now, _ -> {}, said::add);

    @Test
    void thatTheControlPlaneIsAwayIsSaidOnceAndThenThatItIsBack() {
        told.registered(Duration.ofSeconds(10), "1");
        for (int i = 0; i < 20; i++) {
            told.lost(
                    XdsCode.UNREACHABLE.problem("the control plane cannot be reached: Connection refused", "start it"));
            now = now.plusSeconds(1);
        }
        told.registered(Duration.ofSeconds(10), "1");
        assertEquals(
                List.of(
                        "TUL1418 the control plane cannot be reached: Connection refused; what is configured stays in force",
                        "the control plane is back after 20 s"),
                said);
        told.registered(Duration.ofSeconds(10), "1");
        assertEquals(2, said.size(), "it is back once");
    }
}
