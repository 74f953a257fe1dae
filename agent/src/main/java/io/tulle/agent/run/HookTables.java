package io.tulle.agent.run;

import io.tulle.launch.hook.HookTable;
import io.tulle.model.Protocol;
import io.tulle.xds.spec.NameSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

/** What the hook must know, from what the sidecar hears: every destination's names, addresses and ports. */
final class HookTables {
    private final String namespace;
    private final TreeMap<String, String> names = new TreeMap<>();
    private final TreeMap<String, String> addresses = new TreeMap<>();
    private final TreeMap<String, TreeMap<Integer, Protocol>> ports = new TreeMap<>();
    private final Set<String> vacant = new HashSet<>();

    private HookTables(String namespace) {
        this.namespace = namespace;
    }

    static HookTable of(Snapshot snapshot, String namespace) {
        var tables = new HookTables(namespace);
        snapshot.all(ResourceType.NAME, NameSpec.class).values().forEach(tables::note);
        var services = new TreeMap<String, HookTable.Service>();
        tables.ports.forEach((name, all) -> services.put(name, new HookTable.Service(all, tables.isLocal(name))));
        return new HookTable(tables.names, services, tables.addresses);
    }

    private void note(NameSpec name) {
        var all = new TreeMap<Integer, Protocol>();
        name.ports().forEach((port, protocol) -> all.put(port, spoken(protocol)));
        if (all.isEmpty()) return; // nothing of it can be dialled
        var canonical = name.name();
        ports.put(canonical, all);
        name.meantIn(namespace).forEach(host -> names.putIfAbsent(host, canonical));
        for (var address : name.addresses()) {
            all.keySet().forEach(port -> addresses.putIfAbsent(written(address) + ":" + port, canonical));
        }
        if (name.vacant()) vacant.add(canonical);
    }

    private static String written(String address) {
        return address.contains(":") ? "[" + address + "]" : address;
    }

    /** A short name is given to services of the own namespace alone. */
    private boolean isLocal(String canonical) {
        var dot = canonical.indexOf('.');
        // What has departed keeps its name, and does not compete for localhost:PORT with what runs.
        return dot > 0
                && !vacant.contains(canonical)
                && canonical.startsWith(namespace + ".", dot + 1)
                && canonical.equals(names.get(canonical.substring(0, dot)));
    }

    /** The hook tells apart what a proxy treats apart. */
    private static Protocol spoken(Protocol protocol) {
        return switch (protocol) {
            case HTTP, HTTP2, GRPC -> Protocol.HTTP;
            case NEST_TCP, TCP, UNDECLARED -> protocol;
        };
    }
}
