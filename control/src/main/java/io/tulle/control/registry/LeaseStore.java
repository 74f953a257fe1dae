package io.tulle.control.registry;

import java.util.List;

/** Where leases outlive a restart. What has returned is durable; {@link LeaseStoreException} where it could not be done. */
public interface LeaseStore {
    /** Stores a lease in the place of an older one of the same instance. */
    void save(StoredLease lease);

    /** Forgets an instance; nothing happens where it is unknown. */
    void remove(String instance);

    /** Every lease, by instance id. */
    List<StoredLease> all();
}
