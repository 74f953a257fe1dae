package io.tulle.control.registry;

import io.tulle.model.ServiceName;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** Leases that outlive a registry, but not a test; its disk can be full. */
public final class MemoryLeases implements LeaseStore {
    private final TreeMap<String, StoredLease> leases = new TreeMap<>();
    private final TreeMap<ServiceName, Tombstone> tombstones = new TreeMap<>();
    private final Semaphore speed = new Semaphore(1_000_000);
    private final CountDownLatch writing = new CountDownLatch(1);
    private volatile boolean isSlow;
    private boolean isFull;
    private int writes;

    @Override
    public void save(StoredLease lease) {
        write();
        leases.put(lease.instance().id(), lease);
    }

    @Override
    public void remove(String instance) {
        write();
        leases.remove(instance);
    }

    @Override
    public List<StoredLease> all() {
        return List.copyOf(leases.values());
    }

    @Override
    public void bury(Tombstone tombstone) {
        write();
        tombstones.put(tombstone.service(), tombstone);
    }

    @Override
    public void unbury(ServiceName service) {
        write();
        tombstones.remove(service);
    }

    @Override
    public List<Tombstone> tombstones() {
        return List.copyOf(tombstones.values());
    }

    /** Whoever writes meanwhile waits until the disk is fast again. */
    void slow(boolean now) {
        isSlow = now;
        if (now) speed.drainPermits();
        else speed.release(1_000_000);
    }

    void awaitWriter() throws InterruptedException {
        writing.await();
    }

    void full(boolean now) {
        isFull = now;
    }

    int writes() {
        return writes;
    }

    private void write() {
        if (isSlow) writing.countDown();
        speed.acquireUninterruptibly();
        if (isFull) throw new LeaseStoreException(new IOException("no space left on device"));
        writes++;
    }
}
