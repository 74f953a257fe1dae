package io.tulle.dialects.field;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DurationsTest {
    @Test
    void whatIsTooLongIsADurationAllTheSame() {
        assertEquals(Optional.of(Duration.ofDays(3650)), Durations.ISTIO.parse("87600h"));
        assertTrue(Durations.ISTIO.isTooLong("87601h"));
        assertTrue(Durations.GATEWAY.isTooLong("99999h"));
        assertFalse(Durations.ISTIO.isTooLong("87600h"));
        assertFalse(Durations.ISTIO.isTooLong("soon"));
    }
}
