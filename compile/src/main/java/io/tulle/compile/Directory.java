package io.tulle.compile;

import io.tulle.model.ServiceName;
import io.tulle.model.shared.SharedMap;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.Service;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Every service that a name can mean, declared or announced, with its members. A service that only instances made known stays for a
 * while when the last of them goes, so that its callers hear that no endpoint is up and not that there is no such name.
 */
record Directory(
        SortedMap<ServiceName, Service> declared,
        Fleet fleet,
        SharedMap<ServiceName, Entry> services,
        SharedMap<String, List<Service>> memberships) {
    static final Directory EMPTY =
            new Directory(Collections.emptySortedMap(), Fleet.EMPTY, SharedMap.empty(), SharedMap.empty());

    /** A service and the instances behind it, by id. */
    record Entry(Service service, List<Instance> members) {}

    /**
     * What a change makes of it.
     *
     * @param changed services that are not as they were, members included
     * @param reshaped those of them that came, went, or have other ports
     * @param instances those that changed, and those that stand behind other services, or behind one that was reshaped
     */
    record Step(Directory now, Set<ServiceName> changed, Set<ServiceName> reshaped, Set<String> instances) {}

    /** After a change: only services that it touches are looked at. */
    Step then(World world, Fleet newFleet) {
        return new Moving(this, world.services(), newFleet).step();
    }

    /** The services that an instance stands behind. */
    List<Service> servedBy(Instance instance) {
        return memberships.getOrDefault(instance.id(), List.of());
    }

    /** The service that a host names, where there is one. */
    Optional<Entry> service(String host) {
        return ServiceName.parse(host, "default").flatMap(name -> Optional.ofNullable(services.get(name)));
    }

    /** Whether a host is the canonical one of a service. */
    boolean isService(String host) {
        return service(host)
                .filter(entry -> entry.service().name().host().equals(host))
                .isPresent();
    }

    private static final class Moving {
        private final Directory before;
        private final SortedMap<ServiceName, Service> declared;
        private final Fleet fleet;
        private final Set<ServiceName> redeclared;
        private final Set<String> moved;
        private final Map<ServiceName, List<Instance>> joined = new HashMap<>(); // of those that moved
        private SharedMap<ServiceName, Entry> services;

        Moving(Directory before, SortedMap<ServiceName, Service> declared, Fleet fleet) {
            this.before = before;
            this.declared = declared;
            this.fleet = fleet;
            this.redeclared = Difference.keys(before.declared, declared);
            this.moved = before.fleet.instances().differing(fleet.instances());
            this.services = before.services;
        }

        Step step() {
            var affected = new TreeSet<>(redeclared);
            affected.addAll(before.fleet.departed().differing(fleet.departed()));
            for (var id : moved) {
                Optional.ofNullable(before.fleet.instances().get(id)).ifPresent(was -> {
                    affected.add(was.service());
                    before.servedBy(was).forEach(service -> affected.add(service.name()));
                });
                Optional.ofNullable(fleet.instances().get(id)).ifPresent(this::join);
            }
            affected.addAll(joined.keySet());
            var stayed = redeclared.isEmpty()
                    ? List.<Instance>of()
                    : fleet.instances().values().stream()
                            .filter(instance -> !moved.contains(instance.id()))
                            .toList();
            for (var name : affected) {
                var entry = entry(name, stayed);
                services = entry.isEmpty() ? services.without(name) : services.with(name, entry.get());
            }
            return found(affected);
        }

        private void join(Instance instance) {
            var labels = instance.workload().proven();
            for (var service : declaredIn(instance.service().namespace())) {
                if (Members.has(service, instance.workload(), labels)) join(service.name(), instance);
            }
            if (!declared.containsKey(instance.service())) join(instance.service(), instance);
        }

        private void join(ServiceName name, Instance instance) {
            joined.computeIfAbsent(name, _ -> new ArrayList<>()).add(instance);
        }

        private List<Service> declaredIn(String namespace) {
            var all = new ArrayList<Service>();
            // "0" is the first name that a service can have
            for (var service : declared.tailMap(new ServiceName(namespace, "0")).values()) {
                if (!service.name().namespace().equals(namespace)) break;
                all.add(service);
            }
            return all;
        }

        private Optional<Entry> entry(ServiceName name, List<Instance> stayed) {
            var here = Optional.ofNullable(declared.get(name));
            var old = redeclared.contains(name)
                    ? stayed.stream()
                            .filter(instance -> here.isPresent()
                                    ? Members.has(here.get(), instance.workload())
                                    : instance.service().equals(name))
                    : Optional.ofNullable(before.services.get(name)).map(Entry::members).stream()
                            .flatMap(List::stream)
                            .filter(instance -> !moved.contains(instance.id()));
            var members = Stream.concat(old, joined.getOrDefault(name, List.of()).stream())
                    .sorted(Comparator.comparing(Instance::id))
                    .toList();
            if (here.isPresent()) return Optional.of(new Entry(withPortsOf(here.get(), members), members));
            if (!members.isEmpty()) {
                return Optional.of(new Entry(withPortsOf(observed(name, List.of()), members), members));
            }
            return Optional.ofNullable(fleet.departed().get(name))
                    .map(ports -> new Entry(observed(name, ports), List.of()));
        }

        private Step found(Set<ServiceName> affected) {
            var changed = new HashSet<ServiceName>();
            var reshaped = new HashSet<ServiceName>();
            var instances = new HashSet<>(moved);
            for (var name : affected) {
                var was = Optional.ofNullable(before.services.get(name));
                var is = Optional.ofNullable(services.get(name));
                if (was.equals(is)) continue;
                changed.add(name);
                var sameShape = was.map(Entry::service).equals(is.map(Entry::service));
                if (!sameShape) reshaped.add(name);
                var then = ids(was);
                var now = ids(is);
                Stream.concat(then.stream(), now.stream())
                        .filter(id -> !sameShape || !then.contains(id) || !now.contains(id))
                        .forEach(instances::add);
            }
            var directory = new Directory(declared, fleet, services, memberships(changed, instances));
            return new Step(directory, changed, reshaped, instances);
        }

        private static Set<String> ids(Optional<Entry> entry) {
            var ids = new HashSet<String>();
            entry.ifPresent(each -> each.members().forEach(member -> ids.add(member.id())));
            return ids;
        }

        /** Of each instance, by name, as they are in {@link #services}. */
        private SharedMap<String, List<Service>> memberships(Set<ServiceName> changed, Set<String> instances) {
            if (instances.isEmpty()) return before.memberships;
            var behind = new HashMap<String, SortedMap<ServiceName, Service>>();
            for (var id : instances) {
                var names = new TreeMap<ServiceName, Service>();
                before.memberships.getOrDefault(id, List.of()).stream()
                        .filter(service -> !changed.contains(service.name()))
                        .forEach(service -> names.put(service.name(), service));
                behind.put(id, names);
            }
            for (var name : changed) {
                Optional.ofNullable(services.get(name))
                        .ifPresent(entry -> entry.members().stream()
                                .flatMap(member -> Optional.ofNullable(behind.get(member.id())).stream())
                                .forEach(names -> names.put(name, entry.service())));
            }
            var all = before.memberships;
            for (var each : behind.entrySet()) {
                var id = each.getKey();
                var names = each.getValue();
                all = names.isEmpty() ? all.without(id) : all.with(id, List.copyOf(names.values()));
            }
            return all;
        }

        private static Service observed(ServiceName name, List<ServicePort> ports) {
            return new Service(name, ports, List.of(), Optional.empty());
        }

        /** Declared ports first; what instances that name it announce is added, so that `run --expose` alone is enough. */
        private static Service withPortsOf(Service service, List<Instance> members) {
            var ports = new TreeMap<Integer, ServicePort>();
            members.stream()
                    .filter(member -> member.service().equals(service.name()))
                    .forEach(member -> member.workload().ports().forEach(port -> ports.putIfAbsent(port.port(), port)));
            service.ports().forEach(port -> ports.put(port.port(), port));
            return new Service(
                    service.name(),
                    List.copyOf(ports.values()),
                    service.addresses(),
                    service.selector(),
                    service.exportedTo(),
                    service.balancing());
        }
    }
}
