package io.tulle.proxy.observe;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counters with one writer, its event loop: a count is a plain read and a released write, no lock and no contended
 * cache line. Whoever scrapes reads them from outside.
 */
final class Tally {
    private final AtomicLongArray counts;

    Tally(int size) {
        this.counts = new AtomicLongArray(size);
    }

    void add(int at, long n) {
        counts.setRelease(at, counts.getPlain(at) + n);
    }

    /** Adds what another counted so far to this one. */
    void merge(Tally other) {
        for (int i = 0; i < counts.length(); i++) add(i, other.read(i));
    }

    long read(int at) {
        return counts.getAcquire(at);
    }
}
