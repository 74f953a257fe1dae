package io.tulle.control.registry;

import io.tulle.model.ServiceName;
import java.util.List;

/** Where leases, and the names of services that are gone, outlive a restart. What has returned is durable; {@link LeaseStoreException} where it could not be done. */
public interface LeaseStore {
    /** Stores a lease in the place of an older one of the same instance. */
    void save(StoredLease lease);

    /** Forgets an instance; nothing happens where it is unknown. */
    void remove(String instance);

    /** Every lease, by instance id. */
    List<StoredLease> all();

    /** Remembers a service that has no instance any more, in the place of what was known of it. */
    void bury(Tombstone tombstone);

    /** Forgets one; nothing happens where it is unknown. */
    void unbury(ServiceName service);

    List<Tombstone> tombstones();
}
