package io.tulle.control.registry;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MetronomeTest {
    @Test
    void beatsOnARealScheduler() throws Exception {
        try (var scheduler = Executors.newSingleThreadScheduledExecutor()) {
            var thrice = new CountDownLatch(3);

            var beating = Metronome.of(scheduler).every(Duration.ofMillis(1), thrice::countDown);

            assertTrue(thrice.await(30, TimeUnit.SECONDS));
            beating.close();
        }
    }
}
