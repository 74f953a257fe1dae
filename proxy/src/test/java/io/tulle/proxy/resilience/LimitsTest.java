package io.tulle.proxy.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.policy.ConnectionLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void exactlyTheLimitIsGrantedHoweverManyLoopsAskAtOnce() throws InterruptedException {
        var breaker = Breaker.of(OptionalInt.of(100));
        var granted = new AtomicInteger();
        var go = new CountDownLatch(1);
        var loops = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            loops.add(Thread.ofPlatform().start(() -> {
                try {
                    go.await();
                } catch (InterruptedException stopped) {
                    throw new IllegalStateException(stopped);
                }
                for (int n = 0; n < 1_000; n++) if (breaker.tryTake()) granted.incrementAndGet();
            }));
        }
        go.countDown();
        for (var loop : loops) loop.join();
        assertEquals(100, granted.get());
        assertTrue(breaker.isOpen());
        breaker.giveBack();
        assertFalse(breaker.isOpen());
        assertTrue(breaker.tryTake());
    }

    @Test
    void whatIsGivenBackTwiceIsABugThatShows() {
        var breaker = Breaker.of(OptionalInt.of(1));
        assertThrows(IllegalStateException.class, breaker::giveBack);
        assertEquals(0, breaker.inUse());
    }

    @Test
    void noLimitGrantsAndCounts() {
        var breaker = Breaker.of(OptionalInt.empty());
        assertTrue(breaker.tryTake());
        assertEquals(1, breaker.inUse());
    }

    @Test
    void aLimitOfZeroGrantsNothing() {
        assertFalse(Breaker.of(OptionalInt.of(0)).tryTake());
    }

    @Test
    void aLoopWithoutAConnectionMayAlwaysOpenOne() {
        var limits = Limits.of(connections(1));
        assertTrue(limits.tryConnect(true));
        assertFalse(limits.tryConnect(false));
        assertTrue(limits.tryConnect(true));
        assertEquals(2, limits.connections().inUse());
        limits.connections().giveBack();
        assertFalse(limits.tryConnect(false), "still at the limit");
    }

    @Test
    void aNewPlanKeepsTheCountUnderItsOwnLimit() {
        var before = Limits.of(connections(3));
        for (int i = 0; i < 3; i++) assertTrue(before.tryConnect(false));
        var after = before.with(connections(2));
        assertEquals(3, after.connections().inUse());
        before.connections().giveBack();
        assertFalse(after.tryConnect(false));
        before.connections().giveBack();
        assertTrue(after.tryConnect(false));
    }

    private static ConnectionLimits connections(int limit) {
        return new ConnectionLimits(
                OptionalInt.of(limit),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Duration.ofSeconds(10),
                Optional.empty());
    }
}
