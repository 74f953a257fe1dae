package io.tulle.proxy.plan;

import io.tulle.model.IpBlock;
import io.tulle.model.IpLiteral;
import io.tulle.model.ServiceName;
import io.tulle.xds.spec.NameSpec;
import io.tulle.xds.spec.Spec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What the application can mean by what it dials, whether or not more of it has been told. Names of services are read, not looked up,
 * so that each of thousands costs one entry.
 *
 * @param specs by canonical host
 * @param namespace the application's, in which a short name means a service
 * @param others names and addresses that do not follow from a service's host, to the canonical host
 * @param blocks of addresses, the longest first
 */
record Names(SortedMap<String, Spec> specs, String namespace, Map<String, String> others, List<Block> blocks) {
    static final Names NONE = new Names(Collections.emptySortedMap(), "default", Map.of(), List.of());

    /** Addresses with the same first bits, and the canonical host of what they mean. */
    record Block(IpBlock addresses, String host) {}

    /** @param before kept where it is of the same names */
    static Names of(SortedMap<String, Spec> specs, String namespace, Names before) {
        if (before.specs.equals(specs) && before.namespace.equals(namespace)) return before;
        var others = new HashMap<String, String>();
        var blocks = new ArrayList<Block>();
        specs.values().forEach(spec -> {
            if (!(spec instanceof NameSpec name)) return;
            name.hosts().forEach(host -> others.putIfAbsent(host, name.name()));
            for (var address : name.addresses()) {
                if (IpLiteral.isAddress(address)) others.putIfAbsent(Ways.spelled(address), name.name());
                else blocks.add(new Block(IpBlock.parse(address), name.name()));
            }
        });
        blocks.sort(Comparator.comparingInt((Block block) -> block.addresses().length())
                .reversed()
                .thenComparing(Block::host));
        return new Names(specs, namespace, Map.copyOf(others), List.copyOf(blocks));
    }

    /** The canonical host of what is meant; empty where nothing of this name has the port. */
    Optional<String> meantBy(Destination.Outbound dialled) {
        return Optional.ofNullable(others.get(dialled.host()))
                .or(() -> Optional.of(dialled.host()).filter(specs::containsKey))
                .or(() -> ServiceName.parse(dialled.host(), namespace).map(ServiceName::host))
                .filter(host -> has(host, dialled.port()))
                .or(() -> around(dialled));
    }

    private Optional<String> around(Destination.Outbound dialled) {
        if (blocks.isEmpty()) return Optional.empty();
        var address = IpLiteral.parse(dialled.host()).map(IpBlock.Bits::of);
        if (address.isEmpty()) return Optional.empty();
        for (var block : blocks) {
            if (block.addresses().contains(address.get()) && has(block.host(), dialled.port()))
                return Optional.of(block.host());
        }
        return Optional.empty();
    }

    private boolean has(String host, int port) {
        return specs.get(host) instanceof NameSpec name && name.ports().containsKey(port);
    }
}
