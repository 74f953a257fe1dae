package io.tulle.proxy;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.buffer.PooledByteBufAllocator;
import io.tulle.testkit.NoLeaks;
import org.junit.jupiter.api.Test;

/** The check that other tests lean on would see a leak if there were one. */
class NoLeaksTest {
    @Test
    void seesABufferThatNobodyReleased() {
        leak();
        for (int look = 0; look < 20 && NoLeaks.found().isEmpty(); look++) Thread.onSpinWait();
        assertFalse(NoLeaks.found().isEmpty());
    }

    private static void leak() {
        PooledByteBufAllocator.DEFAULT.directBuffer(64).writeByte(1);
    }
}
