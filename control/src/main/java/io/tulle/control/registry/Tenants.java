package io.tulle.control.registry;

import io.tulle.model.ServiceName;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The instances that the registry holds, by id, and how many each service has of them. Guarded by its registry. */
final class Tenants {
    private final TreeMap<String, Tenancy> byId = new TreeMap<>();
    private final Map<ServiceName, Integer> ofService = new HashMap<>();

    Optional<Tenancy> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** What was there before. */
    Optional<Tenancy> put(Tenancy tenant) {
        var before = Optional.ofNullable(byId.put(tenant.announced().id(), tenant));
        before.ifPresent(was -> count(was, -1));
        count(tenant, 1);
        return before;
    }

    void remove(Tenancy tenant) {
        if (byId.remove(tenant.announced().id()) != null) count(tenant, -1);
    }

    /** Changes them all, but not what service they are of. */
    void replaceAll(UnaryOperator<Tenancy> change) {
        byId.replaceAll((_, tenant) -> change.apply(tenant));
    }

    boolean hasAnyOf(ServiceName service) {
        return ofService.containsKey(service);
    }

    Collection<Tenancy> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    private void count(Tenancy tenant, int more) {
        ofService.compute(tenant.announced().service(), (_, before) -> {
            var now = (before == null ? 0 : before) + more;
            return now == 0 ? null : now;
        });
    }
}
