package io.tulle.control.registry;

import io.tulle.model.Problem;
import io.tulle.model.ServiceName;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings to the disk what the registry knows, one thing at a time. Its lock is taken before the registry's monitor, never
 * within it: a slow disk must keep no heartbeat out.
 */
final class Archive {
    private static final Logger LOG = LoggerFactory.getLogger(Archive.class);

    private final LeaseStore store;
    private final ReentrantLock lock = new ReentrantLock(true);

    Archive(LeaseStore store) {
        this.store = store;
    }

    /** Does something while nothing else is written. */
    <T> T alone(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Stores an instance as it is when its turn has come, or takes it off. */
    void instance(String id, Supplier<Optional<StoredLease>> now) {
        alone(() -> {
            try {
                now.get().ifPresentOrElse(this::save, () -> store.remove(id));
            } catch (LeaseStoreException e) {
                // At worst a restart recalls it, and withdraws it after three leases.
                LOG.error("a lease could not be removed instance={}", id, e);
            }
            return true;
        });
    }

    /** Stores the names of services that went, and takes off those that came back. */
    void names(Supplier<Map<ServiceName, Optional<Tombstone>>> changed) {
        alone(() -> {
            changed.get().forEach((service, tombstone) -> {
                try {
                    tombstone.ifPresentOrElse(store::bury, () -> store.unbury(service));
                } catch (LeaseStoreException e) {
                    // At worst a restart does not know the name any more, or knows it for a day too long.
                    LOG.error("the name of a service could not be stored service={}", service.host(), e);
                }
            });
            return true;
        });
    }

    /** Why it could not be stored. */
    Optional<Problem> save(StoredLease lease) {
        try {
            store.save(lease);
            return Optional.empty();
        } catch (LeaseStoreException e) {
            LOG.error(
                    "a lease could not be stored instance={}", lease.instance().id(), e);
            return Optional.of(e.problem());
        }
    }
}
