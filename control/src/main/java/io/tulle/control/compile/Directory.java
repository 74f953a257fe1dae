package io.tulle.control.compile;

import io.tulle.model.ServiceName;
import io.tulle.model.world.External;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.Service;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Every destination that a name can mean: services, declared or announced, with their members, and what lies outside. */
record Directory(
        SortedMap<ServiceName, Entry> services,
        SortedMap<String, External> externals,
        Map<String, List<Service>> memberships) {

    /** A service and the instances behind it, by id. */
    record Entry(Service service, List<Instance> members) {}

    /**
     * A service that only instances made known stays for a while when the last of them goes, so that its callers hear that no
     * endpoint is up and not that there is no such name.
     */
    static Directory of(World world, Fleet fleet) {
        var members = Members.of(world, fleet);
        var entries = new TreeMap<ServiceName, Entry>();
        fleet.departed()
                .forEach((name, ports) ->
                        entries.put(name, new Entry(new Service(name, ports, List.of(), Optional.empty()), List.of())));
        world.services().forEach((name, declared) -> {
            var behind = members.getOrDefault(name, List.of());
            entries.put(name, new Entry(withPortsOf(declared, behind), behind));
        });
        members.forEach((name, behind) -> {
            if (world.services().containsKey(name)) return;
            var observed = new Service(name, List.of(), List.of(), Optional.empty());
            entries.put(name, new Entry(withPortsOf(observed, behind), behind));
        });
        return new Directory(
                Collections.unmodifiableSortedMap(entries), outside(world, entries), memberships(entries.values()));
    }

    /** The same services, and what lies outside for those who see this World. */
    Directory seenThrough(World perspective) {
        return new Directory(services, outside(perspective, services), memberships);
    }

    private static SortedMap<String, External> outside(World world, SortedMap<ServiceName, Entry> services) {
        var externals = new TreeMap<String, External>();
        world.externals()
                .forEach(external -> external.hosts().stream()
                        .filter(host -> !isService(host, services.keySet()))
                        .forEach(host -> externals.putIfAbsent(host, external)));
        return Collections.unmodifiableSortedMap(externals);
    }

    /** The services that an instance stands behind. */
    List<Service> servedBy(Instance instance) {
        return memberships.getOrDefault(instance.id(), List.of());
    }

    private static Map<String, List<Service>> memberships(Collection<Entry> entries) {
        var all = new HashMap<String, List<Service>>();
        for (var entry : entries) {
            for (var member : entry.members()) {
                all.computeIfAbsent(member.id(), _ -> new ArrayList<>()).add(entry.service());
            }
        }
        return all;
    }

    /** The service that a canonical host names, where there is one. */
    Optional<Entry> service(String host) {
        return ServiceName.parse(host, "default").flatMap(name -> Optional.ofNullable(services.get(name)));
    }

    private static boolean isService(String host, Set<ServiceName> services) {
        return ServiceName.parse(host, "default")
                .filter(name -> name.host().equals(host) && services.contains(name))
                .isPresent();
    }

    /** The same where some hosts do not exist. */
    Directory without(Set<String> hosts) {
        if (hosts.isEmpty()) return this;
        var kept = new TreeMap<>(services);
        kept.keySet().removeIf(name -> hosts.contains(name.host()));
        var outside = new TreeMap<>(externals);
        outside.keySet().removeAll(hosts);
        return new Directory(
                Collections.unmodifiableSortedMap(kept), Collections.unmodifiableSortedMap(outside), memberships);
    }

    /** Declared ports first; what instances that name it announce is added, so that `run --expose` alone is enough. */
    private static Service withPortsOf(Service service, List<Instance> members) {
        var ports = new TreeMap<Integer, ServicePort>();
        members.stream()
                .filter(member -> member.service().equals(service.name()))
                .forEach(member -> member.ports().forEach(port -> ports.putIfAbsent(port.port(), port)));
        service.ports().forEach(port -> ports.put(port.port(), port));
        return new Service(service.name(), List.copyOf(ports.values()), service.addresses(), service.selector());
    }
}
