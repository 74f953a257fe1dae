package io.tulle.agent.run;

import io.tulle.launch.hook.HookTable;
import io.tulle.model.Protocol;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointsSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.WireSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the hook must know, from what the sidecar hears: every destination's names, addresses and ports. */
final class HookTables {
    private final String namespace;
    private final TreeMap<String, String> names = new TreeMap<>();
    private final TreeMap<String, String> addresses = new TreeMap<>();
    private final Map<String, TreeMap<Integer, Protocol>> ports = new HashMap<>();
    private final Set<String> served = new HashSet<>();

    private HookTables(String namespace) {
        this.namespace = namespace;
    }

    static HookTable of(Snapshot snapshot, String namespace) {
        var tables = new HookTables(namespace);
        snapshot.all(ResourceType.LISTENER, ListenerSpec.class).values().forEach(tables::note);
        tables.noteServed(snapshot);
        var services = new TreeMap<String, HookTable.Service>();
        tables.ports.forEach((name, all) -> services.put(name, new HookTable.Service(all, tables.isLocal(name))));
        return new HookTable(tables.names, services, tables.addresses);
    }

    private void note(ListenerSpec listener) {
        if (!(listener.place() instanceof ListenerSpec.Place.Outbound place)) return;
        var canonical = listener.name().substring(0, listener.name().lastIndexOf(':'));
        place.hosts().forEach(host -> names.putIfAbsent(host, canonical));
        place.addresses().forEach(address -> addresses.putIfAbsent(written(address) + ":" + place.port(), canonical));
        ports.computeIfAbsent(canonical, _ -> new TreeMap<>()).put(place.port(), protocol(listener));
    }

    private static String written(String address) {
        return address.contains(":") ? "[" + address + "]" : address;
    }

    /** Hosts of which there is any instance, be it one that does not listen yet, and those that are outside the mesh. */
    private void noteServed(Snapshot snapshot) {
        var endpoints = snapshot.all(ResourceType.ENDPOINTS, EndpointsSpec.class);
        snapshot.all(ResourceType.CLUSTER, ClusterSpec.class).forEach((name, cluster) -> {
            var found = Optional.ofNullable(endpoints.get(name))
                    .map(EndpointsSpec::endpoints)
                    .orElse(List.of());
            var isDiscovered = cluster.source() instanceof ClusterSpec.Source.Discovered;
            if (!isDiscovered || !found.isEmpty()) served.add(cluster.host());
        });
    }

    /** A short name is given to services of the own namespace alone. */
    private boolean isLocal(String canonical) {
        var dot = canonical.indexOf('.');
        // What has departed keeps its name, and does not compete for localhost:PORT with what runs.
        return dot > 0
                && served.contains(canonical)
                && canonical.startsWith(namespace + ".", dot + 1)
                && canonical.equals(names.get(canonical.substring(0, dot)));
    }

    private static Protocol protocol(ListenerSpec listener) {
        return listener.chains().stream()
                .map(ChainSpec::wire)
                .map(wire -> switch (wire) {
                    case WireSpec.Http _ -> Protocol.HTTP;
                    case WireSpec.NestTcp _ -> Protocol.NEST_TCP;
                    case WireSpec.Tcp _ -> Protocol.TCP;
                    case WireSpec.Detected _ -> Protocol.UNDECLARED;
                })
                .findFirst()
                .orElse(Protocol.UNDECLARED);
    }
}
