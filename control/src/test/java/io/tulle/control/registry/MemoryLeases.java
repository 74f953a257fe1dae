package io.tulle.control.registry;

import java.io.IOException;
import java.util.List;
import java.util.TreeMap;

/** Leases that outlive a registry, but not a test; its disk can be full. */
final class MemoryLeases implements LeaseStore {
    private final TreeMap<String, StoredLease> leases = new TreeMap<>();
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

    void full(boolean now) {
        isFull = now;
    }

    int writes() {
        return writes;
    }

    private void write() {
        if (isFull) throw new LeaseStoreException(new IOException("no space left on device"));
        writes++;
    }
}
