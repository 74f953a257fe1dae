package io.tulle.control.registry;

import io.tulle.model.ServiceName;
import io.tulle.model.shared.SharedMap;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ServicePort;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Services whose last instance went, with the ports they had. They are remembered for a while, so that their callers hear
 * that nothing is up, and are not sent around the mesh. Guarded by its registry.
 */
final class Departed {
    private final TreeMap<ServiceName, Tombstone> all = new TreeMap<>();
    private SharedMap<ServiceName, List<ServicePort>> ports = SharedMap.empty(); // of them all
    /** What the disk does not know yet. */
    private final TreeSet<ServiceName> unwritten = new TreeSet<>();

    /** Those that a restart found, but for what is old by now. */
    void recall(List<Tombstone> found, Instant now) {
        found.forEach(this::put);
        age(now);
        while (all.size() > RegistrySettings.MOST_DEPARTED) oldest();
    }

    void add(Instance last, Instant now) {
        put(new Tombstone(last.service(), last.workload().ports(), now));
        unwritten.add(last.service());
        if (all.size() > RegistrySettings.MOST_DEPARTED) oldest();
    }

    private void put(Tombstone tombstone) {
        all.put(tombstone.service(), tombstone);
        ports = ports.with(tombstone.service(), tombstone.ports());
    }

    private void oldest() {
        all.values().stream().min(Comparator.comparing(Tombstone::since)).ifPresent(each -> isBack(each.service()));
    }

    void isBack(ServiceName service) {
        if (all.remove(service) == null) return;
        ports = ports.without(service);
        unwritten.add(service);
    }

    /** Whether any was old enough to be forgotten. */
    boolean age(Instant now) {
        var limit = now.minus(RegistrySettings.DEPARTED);
        return drop(each -> each.since().isBefore(limit));
    }

    /** By its name or its host. */
    boolean forget(String name) {
        return drop(each ->
                each.service().name().equals(name) || each.service().host().equals(name));
    }

    private boolean drop(Predicate<Tombstone> which) {
        var dropped =
                all.values().stream().filter(which).map(Tombstone::service).toList();
        dropped.forEach(this::isBack);
        return !dropped.isEmpty();
    }

    boolean isWritten() {
        return unwritten.isEmpty();
    }

    /** What has changed since this was asked last: a tombstone now, or none any more. */
    Map<ServiceName, Optional<Tombstone>> takeUnwritten() {
        var changed = new TreeMap<ServiceName, Optional<Tombstone>>();
        unwritten.forEach(service -> changed.put(service, Optional.ofNullable(all.get(service))));
        unwritten.clear();
        return changed;
    }

    SharedMap<ServiceName, List<ServicePort>> ports() {
        return ports;
    }
}
