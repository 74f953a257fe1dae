package io.tulle.control.compile;

import io.tulle.model.ServiceName;
import io.tulle.model.world.External;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.Service;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Every destination that a name can mean: services, declared or announced, with their members, and what lies outside. */
record Directory(SortedMap<ServiceName, Entry> services, SortedMap<String, External> externals) {

    /** A service and the instances behind it, by id. */
    record Entry(Service service, List<Instance> members) {}

    static final Directory EMPTY = new Directory(Collections.emptySortedMap(), Collections.emptySortedMap());

    /**
     * @param before what was known: a service that only instances made known stays when the last of them goes, so that its
     *     callers hear that no endpoint is up and not that there is no such name
     */
    static Directory of(World world, Fleet fleet, Directory before) {
        var members = membersOf(world, fleet);
        var entries = new TreeMap<ServiceName, Entry>();
        before.services().forEach((name, entry) -> entries.put(name, new Entry(entry.service(), List.of())));
        world.services().forEach((name, declared) -> {
            var behind = members.getOrDefault(name, List.of());
            entries.put(name, new Entry(withPortsOf(declared, behind), behind));
        });
        members.forEach((name, behind) -> {
            if (world.services().containsKey(name)) return;
            var observed = new Service(name, List.of(), List.of(), Optional.empty());
            entries.put(name, new Entry(withPortsOf(observed, behind), behind));
        });
        var externals = new TreeMap<String, External>();
        world.externals().forEach(external -> external.hosts().forEach(host -> externals.putIfAbsent(host, external)));
        return new Directory(Collections.unmodifiableSortedMap(entries), Collections.unmodifiableSortedMap(externals));
    }

    /** The service that a canonical host names, where there is one. */
    Optional<Entry> service(String host) {
        return ServiceName.parse(host, "default").flatMap(name -> Optional.ofNullable(services.get(name)));
    }

    private static Map<ServiceName, List<Instance>> membersOf(World world, Fleet fleet) {
        var members = new HashMap<ServiceName, List<Instance>>();
        for (var instance : fleet.instances().values()) {
            members.computeIfAbsent(instance.service(), _ -> new ArrayList<>()).add(instance);
            for (var service : world.services().values()) {
                var selected = service.selector().filter(s -> !s.isEmpty() && s.selects(Labels.of(instance)));
                var same = service.name().namespace().equals(instance.service().namespace());
                if (same && selected.isPresent() && !service.name().equals(instance.service())) {
                    members.computeIfAbsent(service.name(), _ -> new ArrayList<>())
                            .add(instance);
                }
            }
        }
        return members;
    }

    /** Declared ports first; what instances announce besides is added, so that `run --expose` alone is enough. */
    private static Service withPortsOf(Service service, List<Instance> members) {
        var ports = new TreeMap<Integer, ServicePort>();
        members.forEach(member -> member.ports().forEach(port -> ports.putIfAbsent(port.port(), port)));
        service.ports().forEach(port -> ports.put(port.port(), port));
        return new Service(service.name(), List.copyOf(ports.values()), service.addresses(), service.selector());
    }
}
