package io.tulle.control.registry;

import io.tulle.model.ServiceName;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ServicePort;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Services whose last instance went, with the ports they had. They are remembered for a while, so that their callers hear
 * that nothing is up, and are not sent around the mesh. Guarded by its registry.
 */
final class Departed {
    private final TreeMap<ServiceName, Tombstone> all = new TreeMap<>();

    private record Tombstone(List<ServicePort> ports, Instant since) {}

    void add(Instance last, Instant now) {
        all.put(last.service(), new Tombstone(last.ports(), now));
        if (all.size() > RegistrySettings.MOST_DEPARTED) {
            all.entrySet().stream()
                    .min((a, b) -> a.getValue().since().compareTo(b.getValue().since()))
                    .ifPresent(oldest -> all.remove(oldest.getKey()));
        }
    }

    void isBack(ServiceName service) {
        all.remove(service);
    }

    /** Whether any was old enough to be forgotten. */
    boolean age(Instant now) {
        var limit = now.minus(RegistrySettings.DEPARTED);
        return all.values().removeIf(tombstone -> tombstone.since().isBefore(limit));
    }

    /** By its name or its host. */
    boolean forget(String name) {
        return all.keySet()
                .removeIf(
                        service -> service.name().equals(name) || service.host().equals(name));
    }

    Map<ServiceName, List<ServicePort>> ports() {
        var ports = new TreeMap<ServiceName, List<ServicePort>>();
        all.forEach((service, tombstone) -> ports.put(service, tombstone.ports()));
        return ports;
    }
}
