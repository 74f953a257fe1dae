package io.tulle.proxy.plan;

import io.tulle.model.IpBlock;
import io.tulle.model.IpLiteral;
import io.tulle.model.ServiceName;
import io.tulle.model.shared.SharedMap;
import io.tulle.xds.spec.NameSpec;
import io.tulle.xds.spec.Spec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the application can mean by what it dials, whether or not more of it has been told. Names of services are read, not looked up,
 * so that each of thousands costs one entry.
 *
 * @param specs by canonical host
 * @param namespace the application's, in which a short name means a service
 * @param others names and addresses that do not follow from a service's host, to the canonical host
 * @param blocks by port, the longest first
 */
record Names(
        SharedMap<String, Spec> specs,
        String namespace,
        Map<String, String> others,
        Map<Integer, List<Ways.Block>> blocks) {
    static final Names NONE = new Names(SharedMap.empty(), "default", Map.of(), Map.of());

    /** @param before kept where it is of the same names */
    static Names of(SharedMap<String, Spec> specs, String namespace, Names before) {
        if (before.specs.equals(specs) && before.namespace.equals(namespace)) return before;
        var others = new HashMap<String, String>();
        var blocks = new HashMap<Integer, List<Ways.Block>>();
        specs.values().forEach(spec -> {
            if (!(spec instanceof NameSpec name)) return;
            name.hosts().forEach(host -> others.putIfAbsent(host, name.name()));
            for (var address : name.addresses()) {
                if (IpLiteral.isAddress(address)) others.putIfAbsent(Ways.spelled(address), name.name());
                else
                    addTo(
                            blocks,
                            new Ways.Block(IpBlock.parse(address), name.name()),
                            name.ports().keySet());
            }
        });
        blocks.values().forEach(each -> each.sort(Ways.Block.LONGEST_FIRST));
        return new Names(specs, namespace, Map.copyOf(others), Map.copyOf(blocks));
    }

    /** The canonical host of what is meant; empty where nothing of this name has the port. */
    Optional<String> meantBy(Destination.Outbound dialled) {
        return Optional.ofNullable(others.get(dialled.host()))
                .or(() -> Optional.of(dialled.host()).filter(specs::containsKey))
                .or(() -> ServiceName.parse(dialled.host(), namespace).map(ServiceName::host))
                .filter(host -> has(host, dialled.port()))
                .or(() -> Ways.narrowest(blocks, dialled));
    }

    private static void addTo(Map<Integer, List<Ways.Block>> blocks, Ways.Block block, Set<Integer> ports) {
        ports.forEach(
                port -> blocks.computeIfAbsent(port, _ -> new ArrayList<>()).add(block));
    }

    private boolean has(String host, int port) {
        return specs.get(host) instanceof NameSpec name && name.ports().containsKey(port);
    }
}
