package io.tulle.xds.layer;

import java.util.HashSet;
import java.util.Set;

/**
 * What a node has asked for, of what it may hear.
 *
 * @param everything whether it wants every destination, as an Envoy does
 * @param hosts canonical, of the destinations that it wants otherwise
 * @param peers instances that it wants to know
 */
public record Demand(boolean everything, Set<String> hosts, Set<String> peers) {
    public static final Demand NOTHING = new Demand(false, Set.of(), Set.of());
    public static final Demand EVERYTHING = new Demand(true, Set.of(), Set.of());

    public Demand {
        hosts = everything ? Set.of() : Set.copyOf(hosts);
        peers = Set.copyOf(peers);
    }

    /** Whether whoever has what this asks for has what another asks for. */
    public boolean covers(Demand other) {
        return peers.containsAll(other.peers) && (everything || (!other.everything && hosts.containsAll(other.hosts)));
    }

    /** What both ask for together. */
    public Demand and(Demand other) {
        if (covers(other)) return this;
        if (other.covers(this)) return other;
        return new Demand(everything || other.everything, union(hosts, other.hosts), union(peers, other.peers));
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        var all = new HashSet<>(one);
        all.addAll(other);
        return all;
    }
}
