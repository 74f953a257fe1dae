package io.tulle.launch.netns;

import io.tulle.launch.hook.HookTable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The addresses that an application is told for the names of the mesh: one for each name as it writes it, from 240.0.0.0/4,
 * which nobody routes (RFC 1112 section 4) and the Node hook uses too. A name keeps its address for the whole launch, also
 * while its service is away. Thread-safe.
 */
final class GivenNames {
    private static final int FIRST = 0xF000_0001; // 240.0.0.1
    private static final AddressRange RANGE = AddressRange.parse("240.0.0.0/4");

    private final Map<String, InetAddress> addresses = new HashMap<>();
    private final Map<InetAddress, String> names = new HashMap<>();
    private HookTable table = HookTable.EMPTY;

    /** Takes what the sidecar knows now. */
    synchronized void know(HookTable now) {
        table = now;
    }

    /** The address for a name of the mesh, with or without the dot at its end; empty for all others. */
    synchronized Optional<InetAddress> addressOf(String asked) {
        var lower = asked.toLowerCase(Locale.ROOT);
        var name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        if (!table.names().containsKey(name)) return Optional.empty();
        return Optional.of(addresses.computeIfAbsent(name, _ -> {
            var address = AddressRange.address(FIRST + addresses.size());
            names.put(address, name);
            return address;
        }));
    }

    /** The name that an application means by an address and port; empty when it means the address itself. */
    synchronized Optional<String> meantBy(InetSocketAddress dialled) {
        var address = dialled.getAddress();
        if (!address.isLoopbackAddress()) return Optional.ofNullable(names.get(address));
        var local = table.services().entrySet().stream()
                .filter(entry ->
                        entry.getValue().local() && entry.getValue().ports().containsKey(dialled.getPort()))
                .toList();
        return local.size() == 1 ? Optional.of(local.getFirst().getKey()) : Optional.empty();
    }

    /** The ports of loopback that mean a service: those that exactly one of the own namespace declares. */
    synchronized SortedSet<Integer> loopbackPorts() {
        var once = new TreeSet<Integer>();
        var more = new TreeSet<Integer>();
        table.services().values().stream()
                .filter(HookTable.Service::local)
                .flatMap(service -> service.ports().keySet().stream())
                .forEach(port -> {
                    if (!once.add(port)) more.add(port);
                });
        once.removeAll(more);
        return once;
    }

    /** Whether an address is of the kind that is given out: nothing else may be there. */
    static boolean isGiven(InetAddress address) {
        return RANGE.contains(address);
    }
}
