package io.tulle.proxy.plan;

import io.tulle.proxy.plan.Parts.Part;
import io.tulle.xds.spec.ListenerSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where connections find their chains.
 *
 * @param chains by listener; those of the mesh port together under {@link #INBOUND}
 * @param outbound the listener of each destination that the application may dial
 */
record Ways(Map<String, List<Chain>> chains, Map<Destination.Outbound, String> outbound) {
    /** The name under which all chains of the mesh port are kept: there is one such port. */
    static final String INBOUND = "";

    static final Ways NONE = new Ways(Map.of(), Map.of());

    Ways {
        chains = Map.copyOf(chains);
        outbound = Map.copyOf(outbound);
    }

    /** @param listeners in the order of their names: of two that claim one destination the first has it */
    static Ways of(Map<String, Part<ListenerSpec, List<Chain>>> listeners) {
        return new Ways(chains(listeners), outbound(listeners));
    }

    /** The same listeners with other chains: what may be dialled stays. */
    Ways with(Map<String, Part<ListenerSpec, List<Chain>>> listeners) {
        return new Ways(chains(listeners), outbound);
    }

    private static Map<String, List<Chain>> chains(Map<String, Part<ListenerSpec, List<Chain>>> listeners) {
        var chains = new HashMap<String, List<Chain>>();
        var inbound = new ArrayList<Chain>();
        listeners.forEach((name, part) -> {
            if (part.spec().place() instanceof ListenerSpec.Place.Inbound) inbound.addAll(part.made());
            else chains.put(name, part.made());
        });
        if (!inbound.isEmpty()) chains.put(INBOUND, List.copyOf(inbound));
        return chains;
    }

    private static Map<Destination.Outbound, String> outbound(Map<String, Part<ListenerSpec, List<Chain>>> listeners) {
        var outbound = new HashMap<Destination.Outbound, String>();
        listeners.forEach((name, part) -> {
            if (!(part.spec().place() instanceof ListenerSpec.Place.Outbound(var hosts, var addresses, var port)))
                return;
            hosts.forEach(host -> outbound.putIfAbsent(new Destination.Outbound(host, port), name));
            addresses.forEach(ip -> outbound.putIfAbsent(new Destination.Outbound(ip, port), name));
        });
        return outbound;
    }
}
