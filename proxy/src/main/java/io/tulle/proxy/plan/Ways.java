package io.tulle.proxy.plan;

import io.tulle.model.IpBlock;
import io.tulle.model.IpLiteral;
import io.tulle.model.shared.SharedMap;
import io.tulle.proxy.plan.Parts.Part;
import io.tulle.xds.spec.ListenerSpec;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where connections find their chains.
 *
 * @param chains by listener; those of the mesh port together under {@link #INBOUND}
 * @param outbound the listener of each destination that the application may dial, by name or by address
 * @param blocks by port, the addresses that mean a destination without being written one by one: the longest first
 */
record Ways(
        Map<String, List<Chain>> chains, Map<Destination.Outbound, String> outbound, Map<Integer, List<Block>> blocks) {
    /** The name under which all chains of the mesh port are kept: there is one such port. */
    static final String INBOUND = "";

    static final Ways NONE = new Ways(Map.of(), Map.of(), Map.of());

    Ways {
        chains = Map.copyOf(chains);
        outbound = Map.copyOf(outbound);
        blocks = Map.copyOf(blocks);
    }

    /** Addresses with the same first bits, and what they mean: a listener, or a canonical host. */
    record Block(IpBlock addresses, String meant) {
        static final Comparator<Block> LONGEST_FIRST = Comparator.comparingInt(
                        (Block block) -> block.addresses().length())
                .reversed()
                .thenComparing(Block::meant);
    }

    /** @param listeners in the order of their names: of two that claim one destination the first has it */
    static Ways of(Map<String, Part<ListenerSpec, List<Chain>>> listeners) {
        return new Ways(chains(listeners), outbound(listeners), blocks(listeners));
    }

    /** The same listeners, some with other chains: what may be dialled stays. */
    Ways with(SharedMap<String, Part<ListenerSpec, List<Chain>>> listeners, Set<String> changed) {
        var now = new HashMap<>(chains);
        for (var name : changed) {
            var part = listeners.find(name).orElseThrow();
            if (part.spec().place() instanceof ListenerSpec.Place.Inbound)
                return new Ways(chains(listeners), outbound, blocks);
            now.put(name, part.made());
        }
        return new Ways(now, outbound, blocks);
    }

    /** The listener that is meant: by its name or its very address, else by the narrowest block that holds it. */
    Optional<String> meant(Destination.Outbound dialled) {
        var listener = outbound.get(dialled);
        if (listener != null) return Optional.of(listener);
        return narrowest(blocks, dialled);
    }

    /** What the narrowest block around a dialled address means. */
    static Optional<String> narrowest(Map<Integer, List<Block>> blocks, Destination.Outbound dialled) {
        var around = blocks.get(dialled.port());
        if (around == null) return Optional.empty();
        return IpLiteral.parse(dialled.host()).map(IpBlock.Bits::of).flatMap(address -> narrowest(around, address));
    }

    private static Optional<String> narrowest(List<Block> longestFirst, IpBlock.Bits address) {
        for (var block : longestFirst) {
            if (block.addresses().contains(address)) return Optional.of(block.meant());
        }
        return Optional.empty();
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
            addresses.stream()
                    .filter(IpLiteral::isAddress)
                    .forEach(ip -> outbound.putIfAbsent(new Destination.Outbound(spelled(ip), port), name));
        });
        return outbound;
    }

    /** As gates spell the address that was dialled: an IPv6 address can be written in many ways. */
    static String spelled(String ip) {
        return IpLiteral.parse(ip).map(InetAddress::getHostAddress).orElse(ip);
    }

    private static Map<Integer, List<Block>> blocks(Map<String, Part<ListenerSpec, List<Chain>>> listeners) {
        var blocks = new HashMap<Integer, List<Block>>();
        listeners.forEach((name, part) -> {
            if (!(part.spec().place() instanceof ListenerSpec.Place.Outbound(var _, var addresses, var port))) return;
            addresses.stream()
                    .filter(ip -> !IpLiteral.isAddress(ip))
                    .forEach(block -> blocks.computeIfAbsent(port, _ -> new ArrayList<>())
                            .add(new Block(IpBlock.parse(block), name)));
        });
        blocks.values().forEach(each -> each.sort(Block.LONGEST_FIRST));
        return blocks;
    }
}
