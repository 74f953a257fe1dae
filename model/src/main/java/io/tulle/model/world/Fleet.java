package io.tulle.model.world;

import io.tulle.model.ServiceName;
import io.tulle.model.shared.SharedMap;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Who is running now, by instance id. Changes far more often than the {@link World} and makes no revision; each version shares
 * with the one before what did not change.
 *
 * @param departed services whose last instance went, and the ports they had: their callers hear that nothing is up, not that there is
 *     no such name
 */
public record Fleet(
        long version, SharedMap<String, Instance> instances, SharedMap<ServiceName, List<ServicePort>> departed) {
    public static final Fleet EMPTY = new Fleet(0, SharedMap.empty(), SharedMap.empty());

    public static Fleet of(long version, Collection<Instance> all) {
        return of(version, all, Map.of());
    }

    public static Fleet of(
            long version, Collection<Instance> all, Map<ServiceName, ? extends List<ServicePort>> departed) {
        var byId = SharedMap.<String, Instance>empty();
        for (var instance : all) byId = byId.with(instance.id(), instance);
        return new Fleet(version, byId, SharedMap.of(departed));
    }

    /** The next version, with other instances or names. */
    public Fleet then(SharedMap<String, Instance> nowRunning, SharedMap<ServiceName, List<ServicePort>> nowDeparted) {
        return new Fleet(version + 1, nowRunning, nowDeparted);
    }
}
