package io.tulle.proxy.http2;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcTimeoutTest {
    @ParameterizedTest
    @ValueSource(strings = {"1n", "20u", "300m", "0S", "99999999S", "5M", "2562047H"})
    void takesWhatAClockHolds(String text) {
        assertTrue(GrpcTimeout.isSane(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "S", "1", "1s", "-1S", "+1S", "1.5S", " 1S", "123456789n", "2562048H", "99999999H"})
    void refusesTheRest(String text) {
        assertFalse(GrpcTimeout.isSane(text));
    }
}
